"""What plate reading did with an image, and what it read there."""

from django.conf import settings
from django.db import models

from cameras.fields import ExactCharField
from cameras.models import Image, StageRun
from cameras.querysets import SeenThroughImage
from plates.models.plate import Plate
from plates.models.sighting import Sighting


class RecognitionRun(StageRun):
    """What plate reading did with one image."""

    stage = "plate reading"
    image = models.OneToOneField(Image, on_delete=models.CASCADE, related_name="recognition_run")

    objects = SeenThroughImage.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["status", "queued_at"], name="recognition_run_due"),
            models.Index(fields=["status", "image"], name="recognition_run_newest"),
        ]


class PlateReading(models.Model):
    """One reading on one image."""

    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="plate_readings")
    plate = models.ForeignKey(
        Plate,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="readings",
        help_text="Of the vehicle that it belongs to; its own text may be misread.",
    )
    sighting = models.ForeignKey(Sighting, on_delete=models.SET_NULL, null=True, blank=True, related_name="readings")
    text = ExactCharField(max_length=16, db_index=True, help_text="In normal form; empty where people say: no plate.")
    raw_text = models.CharField(max_length=32, help_text="As the reader gave it.")
    confidence = models.FloatField(help_text="0 to 1.")
    x1 = models.FloatField(help_text="Left edge in pixels of the whole picture.")
    y1 = models.FloatField()
    x2 = models.FloatField()
    y2 = models.FloatField()
    candidates = models.JSONField(default=list, blank=True, help_text="Other texts that were considered.")
    characters = models.JSONField(
        default=list, blank=True, help_text="For each position the likeliest characters with their probabilities."
    )
    reader = models.CharField(max_length=64)
    corrected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    corrected_at = models.DateTimeField(null=True, blank=True)
    at = models.DateTimeField(help_text="When the image was received; kept here so that lists need no join.")

    objects = SeenThroughImage.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["-at", "-id"], name="reading_newest"),
            models.Index(fields=["plate", "-at", "-id"], name="reading_plate_latest"),
            models.Index(fields=["plate", "text", "image"], name="reading_plate_text"),
        ]

    def __str__(self) -> str:
        return f"{self.text or 'no plate'} {self.confidence:.2f}"

    @property
    def box(self) -> tuple[float, float, float, float]:
        """x1, y1, x2, y2 in pixels."""
        return self.x1, self.y1, self.x2, self.y2
