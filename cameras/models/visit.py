"""One pass in front of one camera."""

from django.db import models

from cameras.models.camera import Camera
from cameras.querysets import SeenThroughCamera


class Visit(models.Model):
    """Images of one camera that are closer together than a gap; `cameras/visits.py` says which."""

    camera = models.ForeignKey(Camera, on_delete=models.PROTECT, related_name="visits")
    started_at = models.DateTimeField(help_text="When its first image was received.")
    ended_at = models.DateTimeField(help_text="When its last image was received.")
    closed_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="Since then no image is expected any more and all were looked at. A late one opens the visit again.",
    )
    stale = models.BooleanField(default=False, help_text="What was seen in it has changed and is to be merged anew.")
    merged_at = models.DateTimeField(null=True, blank=True, help_text="When what was seen in it was last merged.")

    objects = SeenThroughCamera.as_manager()

    class Meta:
        ordering = ["-started_at", "-id"]
        indexes = [
            models.Index(fields=["camera", "-started_at", "-id"], name="visit_camera_newest"),
            models.Index(fields=["-started_at", "-id"], name="visit_newest"),
            models.Index(fields=["closed_at", "ended_at"], name="visit_open"),
            models.Index(fields=["stale", "ended_at"], name="visit_stale"),
        ]

    def __str__(self) -> str:
        return f"{self.camera} at {self.started_at:%Y-%m-%d %H:%M:%S}"
