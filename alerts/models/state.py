"""What rules go by besides what cameras send: armed or not, snoozes, what is due, and what they decided."""

from django.conf import settings
from django.db import models

from alerts.models.rule import Rule
from cameras.models import Camera


class ArmedState(models.Model):
    """A change of the site's state; the newest row is what holds. Without any the site is disarmed."""

    armed = models.BooleanField()
    at = models.DateTimeField(db_index=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    source = models.CharField(max_length=16, default="site", help_text="Where it was changed: site, api, mqtt.")

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return "armed" if self.armed else "disarmed"


class Snooze(models.Model):
    """No messages for a while: of one rule, of one camera, or of all where both are empty."""

    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, null=True, blank=True, related_name="snoozes")
    camera = models.ForeignKey(Camera, on_delete=models.CASCADE, null=True, blank=True, related_name="snoozes")
    until = models.DateTimeField(db_index=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-until"]

    def __str__(self) -> str:
        return f"until {self.until:%Y-%m-%d %H:%M}"


class DueCheck(models.Model):
    """When a rule is to be looked at although nothing happens: a time that it waits for will then have passed."""

    rule = models.OneToOneField(Rule, on_delete=models.CASCADE, related_name="due_check")
    due_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"at {self.due_at:%Y-%m-%d %H:%M:%S}"


class Trace(models.Model):
    """What each rule decided about a visit or an event, the nearest to a message of all its looks."""

    subject = models.CharField(max_length=40, unique=True, help_text="visit:12 or event:7.")
    verdicts = models.JSONField(default=dict, help_text="By the rule's number: code, reason, and how near it came.")
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.subject
