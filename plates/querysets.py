"""Reads of number plates."""

from __future__ import annotations

from typing import Self, TypeVar

from django.apps import apps
from django.db.models import Exists, Model, OuterRef

from accounts.models import User
from cameras.querysets import VisibleQuerySet

M = TypeVar("M", bound=Model)


class PlateQuerySet(VisibleQuerySet[M]):
    """Plates, each seen through the pictures on which it was read."""

    def shown_to(self, user: User) -> Self:
        """Plates that were read on a picture of one of the person's cameras."""
        readings = apps.get_model("plates", "PlateReading")._default_manager
        return self.filter(Exists(readings.filter(plate=OuterRef("pk"), image__camera__viewers=user)))
