"""Objects found in images."""

from typing import Self

from django.db import models

from cameras.models import Image, StageRun
from cameras.querysets import SeenThroughImage


class DetectionRun(StageRun):
    """What object detection did with one image."""

    stage = "object detection"
    image = models.OneToOneField(Image, on_delete=models.CASCADE, related_name="detection_run")

    objects = SeenThroughImage.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["status", "queued_at"], name="detection_run_due"),
            models.Index(fields=["status", "image"], name="detection_run_newest"),
        ]


class DetectionQuerySet(SeenThroughImage["Detection"]):
    """Detections."""

    def things(self) -> Self:
        """One detection for each thing, the one that names it: what is to be counted."""
        return self.filter(shadowed=False)


class Detection(models.Model):
    """One label of one object in one image; several may be of the same object, see `grouping`."""

    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="detections")
    label = models.CharField(max_length=32, help_text="COCO's name of the thing.")
    confidence = models.FloatField(help_text="0 to 1.")
    x1 = models.FloatField(help_text="Left edge in pixels of the whole picture.")
    y1 = models.FloatField()
    x2 = models.FloatField()
    y2 = models.FloatField()
    shadowed = models.BooleanField(
        default=False, help_text="Another label of a thing that a surer detection names; shown with it, not counted."
    )

    objects = DetectionQuerySet.as_manager()

    class Meta:
        ordering = ["-confidence", "id"]
        indexes = [
            models.Index(fields=["label", "-image"], name="detection_label_newest"),
            models.Index(fields=["image", "-confidence", "label", "shadowed"], name="detection_image_all"),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.confidence:.2f}"

    @property
    def box(self) -> tuple[float, float, float, float]:
        """x1, y1, x2, y2 in pixels."""
        return self.x1, self.y1, self.x2, self.y2
