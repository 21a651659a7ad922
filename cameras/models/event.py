"""What a node reported."""

from django.db import models

from cameras.fields import ExactCharField
from cameras.models.camera import Camera
from cameras.models.node import Node
from cameras.querysets import EventQuerySet


class Event(models.Model):
    """Motion, light, a sensor reading, a restart, or any other text that is not a picture."""

    message_id = models.UUIDField(unique=True)
    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="events")
    camera = models.ForeignKey(Camera, on_delete=models.PROTECT, null=True, blank=True, related_name="events")
    kind = ExactCharField(max_length=64, help_text="The message's second field: motion, light, Temp, Restart…")
    value = models.CharField(max_length=255, blank=True, help_text="The third field, as sent.")
    number = models.FloatField(null=True, blank=True, help_text="The value of a reading.")
    unit = models.CharField(max_length=16, blank=True)
    roi = ExactCharField("region of interest", max_length=64, blank=True)
    text = models.CharField(max_length=1024, help_text="The whole message.")
    at = models.DateTimeField(help_text="When the hub received it.")
    registered_at = models.DateTimeField(auto_now_add=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["-at", "-id", "kind", "camera", "node", "unit", "number"], name="event_newest_all"),
            models.Index(fields=["node", "kind", "-at", "-id"], name="event_node_kind_newest"),
            models.Index(fields=["camera", "-at", "-id", "kind"], name="event_camera_kinds"),
            models.Index(fields=["kind", "-at", "-id", "camera"], name="event_kind_newest"),
        ]

    def __str__(self) -> str:
        return self.text
