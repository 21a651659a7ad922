"""Where the site's clock counts and not that of the person who looks: counts by day, and what others wrote by it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.utils import timezone

P = ParamSpec("P")
R = TypeVar("R")


def by_site_clock(function: Callable[P, R]) -> Callable[P, R]:
    """Call a function with the site's time zone as the current one."""

    @wraps(function)
    def called(*arguments: P.args, **options: P.kwargs) -> R:
        with timezone.override(None):
            return function(*arguments, **options)

    return called
