"""Number plates, and their readings on images."""

from django.conf import settings
from django.db import models

from cameras.fields import ExactCharField
from cameras.models import Image, StageRun, Visit
from cameras.querysets import SeenThroughCamera, SeenThroughImage
from plates.querysets import PlateQuerySet


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
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PlateQuerySet.as_manager()

    class Meta:
        ordering = ["text"]

    def __str__(self) -> str:
        return self.text


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


class SightingQuerySet(SeenThroughCamera["Sighting"]):
    """Sightings belong to a camera through their visit."""

    camera_path = "visit__camera__"


class Sighting(models.Model):
    """One vehicle in one visit: the merged text of its readings and its best picture."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="sightings")
    plate = models.ForeignKey(Plate, on_delete=models.SET_NULL, null=True, blank=True, related_name="sightings")
    text = ExactCharField(max_length=16, blank=True, help_text="Empty where no reading gave a text.")
    confidence = models.FloatField(default=0)
    best_image = models.ForeignKey(Image, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    objects = SightingQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["-at"], name="sighting_newest"),
            models.Index(fields=["plate", "-at"], name="sighting_plate_newest"),
        ]

    def __str__(self) -> str:
        return self.text or "no text"


class PlateReading(models.Model):
    """One reading on one image."""

    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="plate_readings")
    plate = models.ForeignKey(Plate, on_delete=models.SET_NULL, null=True, blank=True, related_name="readings")
    sighting = models.ForeignKey(Sighting, on_delete=models.SET_NULL, null=True, blank=True, related_name="readings")
    text = ExactCharField(max_length=16, db_index=True, help_text="In normal form.")
    raw_text = models.CharField(max_length=32, help_text="As the reader gave it.")
    confidence = models.FloatField(help_text="0 to 1.")
    x1 = models.FloatField(help_text="Left edge in pixels of the whole picture.")
    y1 = models.FloatField()
    x2 = models.FloatField()
    y2 = models.FloatField()
    candidates = models.JSONField(default=list, blank=True, help_text="Other texts that were considered.")
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
            models.Index(fields=["plate", "-at"], name="reading_plate_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.text} {self.confidence:.2f}"

    @property
    def box(self) -> tuple[float, float, float, float]:
        """x1, y1, x2, y2 in pixels."""
        return self.x1, self.y1, self.x2, self.y2
