"""Reads of number plates."""

from __future__ import annotations

from typing import Self, TypeVar

from django.apps import apps
from django.db.models import Model, OuterRef, Subquery

from accounts.models import User
from cameras.querysets import VisibleQuerySet

M = TypeVar("M", bound=Model)


class PlateQuerySet(VisibleQuerySet[M]):
    """Plates, each seen through the pictures on which it was read."""

    def shown_to(self, user: User) -> Self:
        """Plates that were read on a picture of one of the person's cameras.

        Put so that databases look at the readings of one plate after the other, until a page is full: for `EXISTS`,
        MariaDB would first gather everything that was read on these cameras.
        """
        readings = apps.get_model("plates", "PlateReading")._default_manager.order_by()
        theirs = readings.filter(plate=OuterRef("pk"), image__camera__in=user.camera_numbers)
        return self.filter(pk=Subquery(theirs.values("plate")[:1]))
