"""Hours whose counts may have changed."""

from django.db import models


class ChangedHour(models.Model):
    """A note, written with the change itself, that what is counted of an hour of a camera is not what it was.

    Notes are only appended, several of one hour too, and removed by who counts anew: so nobody waits for another's. No
    key of the database leads to the camera, since checking it would lock the camera's row.
    """

    camera_id = models.PositiveBigIntegerField()
    at = models.DateTimeField(help_text="When the hour began.")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"camera {self.camera_id} at {self.at:%Y-%m-%d %H:%M}"
