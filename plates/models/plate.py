"""Number plates, the texts that people said are theirs, and the keys and parts by which they are found."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Case, Value, When

from cameras.changes import note_pairs
from cameras.fields import ExactCharField
from plates.querysets import PlateQuerySet
from plates.text import endings, keys


class PlateList(models.TextChoices):
    """What the site's owner thinks of a plate."""

    NONE = "", "Unknown"
    KNOWN = "known", "Known"
    WATCH = "watch", "Watch"
    IGNORE = "ignore", "Ignore"


class Plate(models.Model):
    """A distinct plate text in normal form (A-Z, 0-9), with what people know of it."""

    text = ExactCharField(max_length=16, unique=True)
    owner = models.CharField("owner note", max_length=200, blank=True)
    vehicle_type = models.CharField(max_length=64, blank=True)
    colour = models.CharField(max_length=32, blank=True)
    list = models.CharField(max_length=8, choices=PlateList.choices, default=PlateList.NONE, blank=True, db_index=True)
    noted = models.GeneratedField(
        expression=Case(When(owner="", vehicle_type="", colour="", then=Value(False)), default=Value(True)),
        output_field=models.BooleanField(),
        db_persist=True,
        db_index=True,
        help_text="Whether people noted anything that is searched for words; of most plates nobody does.",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PlateQuerySet.as_manager()

    class Meta:
        ordering = ["text"]

    def __str__(self) -> str:
        return self.text

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; a new plate gets the keys by which texts that look like it are found, and the parts of its text.

        On another list, its vehicles are counted otherwise.
        """
        is_new = self._state.adding
        with transaction.atomic():
            if not is_new and Plate.objects.filter(pk=self.pk).exclude(list=self.list).exists():
                note_sightings(self)
            super().save(*args, **kwargs)
        if is_new:
            PlateKey.objects.bulk_create(PlateKey(plate=self, key=key) for key in keys(self.text))
            PlatePart.objects.bulk_create(PlatePart(plate=self, text=text) for text in endings(self.text))

    @property
    def is_known(self) -> bool:
        """Whether people said anything of it; else it is no more than what was read."""
        return bool(self.list or self.owner or self.vehicle_type or self.colour)


def note_sightings(plate: Plate) -> None:
    """Note that the vehicles with a plate are counted otherwise, in the transaction that makes it so."""
    note_pairs(plate.sightings.order_by().values_list("visit__camera", "at"))


class PlateKey(models.Model):
    """One of the texts that are left of a plate's text, all look-alikes made equal, when one character is left out."""

    plate = models.ForeignKey(Plate, on_delete=models.CASCADE, related_name="keys")
    key = ExactCharField(max_length=16, db_index=True)

    def __str__(self) -> str:
        return self.key


class PlatePart(models.Model):
    """An end of a plate's text, its whole included: what is anywhere in a plate's text is where one of these begins."""

    plate = models.ForeignKey(Plate, on_delete=models.CASCADE, related_name="parts")
    text = ExactCharField(max_length=16)

    class Meta:
        indexes = [models.Index(fields=["text", "plate"], name="part_of_plate")]

    def __str__(self) -> str:
        return self.text


class PlateAlias(models.Model):
    """A text that people said is another plate's, misread, or no plate at all: what a correction teaches."""

    text = ExactCharField(max_length=16, unique=True, help_text="As it is misread, in normal form.")
    plate = models.ForeignKey(
        Plate, on_delete=models.CASCADE, null=True, blank=True, related_name="aliases", help_text="Empty: no plate."
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["text"]
        verbose_name_plural = "plate aliases"

    def __str__(self) -> str:
        return f"{self.text} is {self.plate or 'no plate'}"
