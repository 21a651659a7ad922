"""A way to people."""

from django.db import models


class Channel(models.Model):
    """Where messages go. Its address holds passwords and tokens: it is encrypted and never shown again."""

    name = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=16, help_text="Which of alerts/channels/ carries it.")
    secret = models.TextField(blank=True, help_text="The address, encrypted; see alerts/secrets.py.")
    shown = models.CharField(max_length=255, blank=True, help_text="The address without what is secret in it.")
    enabled = models.BooleanField("in use", default=True)
    quiet_from = models.CharField(max_length=5, blank=True, help_text="HH:MM by the site's clock.")
    quiet_to = models.CharField(max_length=5, blank=True)
    failures = models.PositiveIntegerField(default=0, help_text="How often it failed since it last worked.")
    next_try_at = models.DateTimeField(null=True, blank=True, help_text="It failed and is left alone until then.")
    lease_until = models.DateTimeField(null=True, blank=True, help_text="A worker sends by it, until then at most.")
    worked_at = models.DateTimeField(null=True, blank=True, help_text="When it last carried a message.")
    problem = models.CharField(max_length=255, blank=True, help_text="Why it failed last; empty once it works.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
