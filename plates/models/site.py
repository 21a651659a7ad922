"""What is set for the whole site."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from environment import PLATE_REGIONS

THE_ROW = 1


def known_regions(value: Any) -> None:
    """Refuse what is no list of regions; raises `ValidationError`."""
    if not isinstance(value, list) or not value or set(map(str, value)) - set(PLATE_REGIONS):
        raise ValidationError(f"Not a list out of {', '.join(PLATE_REGIONS)}: {value}")


def all_regions() -> list[str]:
    """Every region there are formats of."""
    return list(PLATE_REGIONS)


class PlateSettings(models.Model):
    """How plates are read on this site; one row at most, without which all is as in the beginning."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=THE_ROW, editable=False)
    regions = models.JSONField(
        default=all_regions,
        validators=[known_regions],
        help_text="Whose plates are expected. Others are read too, but trusted less.",
    )

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=THE_ROW), name="plate_settings_one_row")]
        verbose_name = "plate settings"
        verbose_name_plural = "plate settings"

    def __str__(self) -> str:
        return "How plates are read"
