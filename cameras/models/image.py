"""One stored JPEG."""

from pathlib import Path

from django.conf import settings
from django.db import models

from cameras.fields import ExactCharField
from cameras.models.camera import Camera
from cameras.models.visit import Visit
from cameras.querysets import SeenThroughCamera


class Image(models.Model):
    """One stored JPEG. The file is the truth, this row its index."""

    message_id = models.UUIDField(unique=True, help_text="Made by the receiver for the message that brought it.")
    camera = models.ForeignKey(Camera, on_delete=models.PROTECT, related_name="images")
    path = ExactCharField(max_length=255, unique=True, help_text="Relative to the data folder.")
    bytes = models.PositiveBigIntegerField()
    width = models.PositiveIntegerField(default=0, help_text="Pixels; 0 when the file cannot be decoded.")
    height = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=200, blank=True, help_text="Why the file cannot be decoded.")
    sha256 = models.BinaryField(
        max_length=32, null=True, editable=False, help_text="Of the file when it was registered, or first compared."
    )
    received_at = models.DateTimeField()
    registered_at = models.DateTimeField(auto_now_add=True)
    visit = models.ForeignKey(Visit, on_delete=models.SET_NULL, null=True, blank=True, related_name="images")
    keep = models.BooleanField(default=False, help_text="Never purged.")

    objects = SeenThroughCamera.as_manager()

    class Meta:
        ordering = ["-received_at", "-id"]
        indexes = [
            models.Index(fields=["-received_at", "-id"], name="image_newest"),
            models.Index(fields=["camera", "-received_at", "-id"], name="image_camera_newest"),
            models.Index(fields=["keep", "-received_at", "-id"], name="image_keep_newest"),
            models.Index(fields=["visit", "-received_at", "-id"], name="image_visit_newest"),
            models.Index(fields=["problem"], name="image_problem"),
        ]

    def __str__(self) -> str:
        return Path(self.path).name

    @property
    def file(self) -> Path:
        """The JPEG on disk."""
        return Path(settings.DATA_DIR) / self.path

    @property
    def thumbnail(self) -> Path:
        """The small copy, beside the folder of images so that tools made for imagehub find only JPEGs there."""
        return Path(settings.DATA_DIR) / "thumbnails" / Path(self.path).relative_to("images")

    @property
    def preview(self) -> Path:
        """The copy between both, where one was asked for."""
        return Path(settings.DATA_DIR) / "previews" / Path(self.path).relative_to("images")
