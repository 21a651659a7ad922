"""What was told, and what became of it on each channel."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models

from alerts.models.channel import Channel
from alerts.models.rule import Rule
from cameras.models import Camera, Event, Image, Visit
from cameras.querysets import SeenThroughCamera


class MessageQuerySet(SeenThroughCamera["Message"]):
    """Messages, each seen through its camera; those without one are for people who are not limited."""

    def of_rules(self) -> Self:
        """Those that rules made, without trials of channels."""
        return self.exclude(rule_name="")


class Message(models.Model):
    """What a rule says of one occasion, or of a burst of them."""

    rule = models.ForeignKey(Rule, on_delete=models.SET_NULL, null=True, blank=True, related_name="messages")
    rule_name = models.CharField(max_length=100, blank=True, help_text="Stays when the rule goes.")
    camera = models.ForeignKey(Camera, on_delete=models.SET_NULL, null=True, blank=True, related_name="messages")
    visit = models.ForeignKey(Visit, on_delete=models.SET_NULL, null=True, blank=True, related_name="messages")
    event = models.ForeignKey(Event, on_delete=models.SET_NULL, null=True, blank=True, related_name="messages")
    image = models.ForeignKey(Image, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    with_picture = models.BooleanField(default=True)
    text = models.CharField(max_length=1000)
    facts = models.JSONField(default=dict, blank=True, help_text="What the text was made of.")
    occasions = models.PositiveIntegerField(default=1, help_text="How many of a burst it stands for.")
    version = models.PositiveIntegerField(default=1, help_text="Counts its changes.")
    at = models.DateTimeField(help_text="When what it is about was received.")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(help_text="When the last of its occasions was met.")
    sent_at = models.DateTimeField(null=True, blank=True, help_text="When a channel first carried it.")

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="message_newest"),
            models.Index(fields=["rule", "-created_at"], name="message_rule_newest"),
            models.Index(fields=["camera", "-created_at", "-id"], name="message_camera_newest"),
        ]

    def __str__(self) -> str:
        return self.text


class Occasion(models.Model):
    """That a rule told of something: once, whoever else comes to the same end."""

    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="occasions")
    key = models.CharField(max_length=150)
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="keys")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rule", "key"], name="one_occasion_a_rule")]

    def __str__(self) -> str:
        return self.key


class DeliveryState(models.TextChoices):
    """What became of a message on a channel."""

    WAITING = "waiting", "Waiting"
    SENT = "sent", "Sent"
    QUIET = "quiet", "Held back in quiet hours"
    DEAD = "dead", "Given up"


class Delivery(models.Model):
    """One message on its way by one channel."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="deliveries")
    state = models.CharField(max_length=8, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(help_text="Not tried before.")
    begun_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_version = models.PositiveIntegerField(default=0, help_text="Which version of the message was sent last.")
    milliseconds = models.FloatField(null=True, blank=True, help_text="How long the channel took to answer.")
    answer = models.CharField(max_length=255, blank=True, help_text="What the channel said last.")
    again_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["message", "channel"], name="one_delivery_a_channel")]
        indexes = [
            models.Index(fields=["channel", "state", "next_at"], name="delivery_due"),
            models.Index(fields=["state", "next_at"], name="delivery_state"),
        ]

    def __str__(self) -> str:
        return self.get_state_display()

    @property
    def seconds(self) -> float | None:
        """How long after what it is about the channel had it."""
        return (self.sent_at - self.message.at).total_seconds() if self.sent_at else None
