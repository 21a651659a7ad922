"""One vehicle in one visit."""

from django.db import models

from cameras.fields import ExactCharField
from cameras.models import Image, Visit
from cameras.querysets import SeenThroughCamera
from plates.models.plate import Plate


class SightingStatus(models.TextChoices):
    """What is known of which vehicle it was."""

    MATCHED = "matched", "A plate seen or entered before"
    NEW = "new", "A plate never seen before"
    AMBIGUOUS = "ambiguous", "Like a plate, but not surely that one"
    UNKNOWN = "unknown", "No text, or none to rely on"


class SightingQuerySet(SeenThroughCamera["Sighting"]):
    """Sightings belong to a camera through their visit."""

    camera_path = "visit__camera"


class Sighting(models.Model):
    """One vehicle in one visit: the merged text of its readings and its best picture."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="sightings")
    plate = models.ForeignKey(
        Plate,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="sightings",
        help_text="Empty while a new plate's visit is open, and where the vehicle is ambiguous or unknown.",
    )
    status = models.CharField(max_length=9, choices=SightingStatus.choices, default=SightingStatus.UNKNOWN)
    text = ExactCharField(
        max_length=16, blank=True, help_text="What its readings say together; empty where none gave a text."
    )
    confidence = models.FloatField(default=0, help_text="0 to 1.")
    candidates = models.JSONField(
        default=list, blank=True, help_text="Other texts that its readings considered, with their confidences."
    )
    matches = models.JSONField(
        default=list, blank=True, help_text="Plates that are like the text, with what tells them apart (0: nothing)."
    )
    label = models.CharField(max_length=64, blank=True, help_text="What kind of vehicle it is.")
    best_image = models.ForeignKey(Image, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField(help_text="When it was first seen in the visit.")

    objects = SightingQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["-at", "-id"], name="sighting_latest"),
            models.Index(fields=["plate", "-at", "-id"], name="sighting_plate_latest"),
            models.Index(fields=["status", "-at", "-id"], name="sighting_status_latest"),
        ]

    def __str__(self) -> str:
        return self.text or "no text"
