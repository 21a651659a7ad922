"""A sending computer, and the names that it went by."""

from django.db import models

from cameras.fields import ExactCharField
from cameras.querysets import NodeQuerySet


class Node(models.Model):
    """A Raspberry Pi that sends (imagenode's `node.name`). Restarts, heartbeats and sensors hang here."""

    name = ExactCharField(max_length=64, unique=True)
    hostname = models.CharField(max_length=64, blank=True)
    system = models.CharField(max_length=64, blank=True, help_text="What the node said it runs on when it started.")
    ip = models.CharField("IP address", max_length=64, blank=True)
    ram = models.CharField("RAM", max_length=64, blank=True)
    restarts = models.PositiveIntegerField(default=0, help_text="How often it told us that it started.")
    last_restart_at = models.DateTimeField(null=True, blank=True)
    booted_at = models.DateTimeField(null=True, blank=True, help_text="When its computer was switched on, by its word.")
    heartbeats = models.PositiveBigIntegerField(default=0)
    last_heartbeat_at = models.DateTimeField(null=True, blank=True)
    last_seen_at = models.DateTimeField(null=True, blank=True)
    messages = models.PositiveBigIntegerField(default=0, help_text="Of whatever kind.")
    messages_per_minute = models.FloatField(default=0, help_text="Over the last ten minutes.")
    usual_gap_seconds = models.FloatField(
        null=True, blank=True, help_text="The longest time between two messages on a usual day, learned."
    )
    silent_since = models.DateTimeField(null=True, blank=True, help_text="Set while nothing comes from this node.")
    silent_after_minutes = models.PositiveIntegerField(
        null=True,
        blank=True,
        help_text="Minutes without any message after which the node counts as silent; 0 for never. Empty: after three "
        "times the gap that is usual for it.",
    )
    max_images_per_day = models.PositiveIntegerField(
        default=0, help_text="Pictures of a day, by the site's clock, above which further ones are refused; 0 for any."
    )
    max_images_per_minute = models.PositiveIntegerField(
        default=0, help_text="Pictures of a minute above which further ones are refused; 0 for any."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = NodeQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class NodeAlias(models.Model):
    """A name that a node had before it was renamed here: what is still sent under it belongs to the node."""

    name = ExactCharField(max_length=64, unique=True, help_text="The name as the Raspberry Pi sends it.")
    node = models.ForeignKey(Node, on_delete=models.CASCADE, related_name="aliases")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        verbose_name = "earlier name of a node"
        verbose_name_plural = "earlier names of nodes"

    def __str__(self) -> str:
        return self.name
