"""Addresses with a number in them, asked of the resolver once for each name, since pages have hundreds of them."""

from __future__ import annotations

from functools import lru_cache

from django.urls import get_script_prefix, reverse


def address_of(name: str, number: int) -> str:
    """The address of that name in `web.urls`, whose one argument is the number of a row."""
    before, after = around_number(name, get_script_prefix())
    return f"{before}/{number}/{after}"


@lru_cache(maxsize=64)
def around_number(name: str, prefix: str) -> tuple[str, str]:
    """What stands before and behind the number; the site may live below a prefix, which the resolver adds."""
    before, _, after = reverse(f"web:{name}", args=[0]).rpartition("/0/")
    return before, after
