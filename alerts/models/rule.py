"""When somebody is told of what."""

from django.db import models

from alerts.conditions import validate_conditions
from alerts.models.channel import Channel
from alerts.only_if import validate_only_if
from alerts.wording import DEFAULT, validate_template


class Rule(models.Model):
    """When all conditions are met within some seconds, and only if, a message goes out by the channels."""

    name = models.CharField(max_length=100, unique=True)
    enabled = models.BooleanField("in use", default=True)
    conditions = models.JSONField(default=list, validators=[validate_conditions])
    within_seconds = models.PositiveIntegerField(default=10, help_text="All conditions have to be met in this time.")
    only_if = models.JSONField(default=dict, blank=True, validators=[validate_only_if])
    template = models.CharField("message", max_length=500, default=DEFAULT, validators=[validate_template])
    picture = models.BooleanField("with the picture", default=True)
    channels = models.ManyToManyField(Channel, blank=True, related_name="rules")
    cooldown_seconds = models.PositiveIntegerField(default=60, help_text="Counted from the last message sent.")
    hourly_cap = models.PositiveIntegerField(default=20, help_text="Messages of an hour; 0 for any number.")
    group_seconds = models.PositiveIntegerField(
        default=30, help_text="What follows so soon after a message joins it instead of making one of its own."
    )
    urgent = models.BooleanField(default=False, help_text="Also in a channel's quiet hours.")
    ready_made = models.CharField(max_length=32, blank=True, help_text="Which of the ready-made rules it began as.")
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True, db_index=True, help_text="Workers read the rules anew after it.")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
