"""What a list of the admin answers to an address that asks for what cannot be."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.http import HttpRequest


class CarefulChangeList(ChangeList):
    """Django's own; a day out of the calendar and a number of more than 64 bits are wrong lookups like any other."""

    def get_filters(self, request: HttpRequest) -> Any:
        """Django's; it counts days and years beyond what Python's calendar has."""
        try:
            return super().get_filters(request)
        except (OverflowError, ValueError) as problem:
            raise IncorrectLookupParameters(problem) from problem

    def get_results(self, request: HttpRequest) -> None:
        """Django's; SQLite takes no larger numbers."""
        try:
            super().get_results(request)
        except OverflowError as problem:
            raise IncorrectLookupParameters(problem) from problem
