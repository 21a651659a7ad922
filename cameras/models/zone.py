"""Parts of a camera's picture in which things count, or do not."""

from django.db import models

from cameras.fields import ExactCharField
from cameras.models.camera import Camera
from cameras.querysets import SeenThroughCamera
from cameras.validators import validate_points


class ZoneKind(models.TextChoices):
    """What a zone is for."""

    INCLUDE = "include", "Only here"
    IGNORE = "ignore", "Not here"


class Zone(models.Model):
    """A polygon on a camera's picture. A thing is where the middle of its box's bottom edge is."""

    camera = models.ForeignKey(Camera, on_delete=models.CASCADE, related_name="zones")
    name = ExactCharField(max_length=64)
    kind = models.CharField(
        max_length=8,
        choices=ZoneKind.choices,
        default=ZoneKind.INCLUDE,
        help_text="Only here: things outside all such zones are dropped. Not here: things in it are dropped.",
    )
    points = models.JSONField(
        "corners",
        validators=[validate_points],
        help_text="In order around the zone, each as shares of the picture's width and height: [[0.1, 0.5], …].",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SeenThroughCamera.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["camera", "name"], name="one_zone_a_camera_and_name")]

    def __str__(self) -> str:
        return self.name
