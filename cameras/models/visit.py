"""One pass in front of one camera."""

from django.db import models

from cameras.models.camera import Camera
from cameras.querysets import SeenThroughCamera


class Visit(models.Model):
    """Images of one camera that are closer together than a gap."""

    camera = models.ForeignKey(Camera, on_delete=models.PROTECT, related_name="visits")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = SeenThroughCamera.as_manager()

    class Meta:
        ordering = ["-started_at", "-id"]
        indexes = [
            models.Index(fields=["camera", "-started_at"], name="visit_camera_started"),
            models.Index(fields=["-started_at"], name="visit_started"),
        ]

    def __str__(self) -> str:
        return f"{self.camera} at {self.started_at:%Y-%m-%d %H:%M:%S}"
