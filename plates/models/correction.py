"""What people corrected."""

from django.conf import settings
from django.db import models

from cameras.fields import ExactCharField
from plates.models.plate import Plate


class CorrectionKind(models.TextChoices):
    """What was corrected."""

    READING = "reading", "One reading"
    ALIKE = "alike", "All readings alike"
    MERGE = "merge", "Two plates made one"


class Correction(models.Model):
    """Who corrected what and when, and how it was before, so that it can be undone."""

    kind = models.CharField(max_length=8, choices=CorrectionKind.choices)
    was = ExactCharField(max_length=16, db_index=True, help_text="The text that was corrected.")
    text = ExactCharField(max_length=16, blank=True, help_text="What people say it is; empty: no plate.")
    plate = models.ForeignKey(
        Plate, on_delete=models.SET_NULL, null=True, blank=True, related_name="corrections", help_text="The right one."
    )
    readings = models.PositiveIntegerField(default=0, help_text="How many readings it changed.")
    before = models.JSONField(default=dict, blank=True, help_text="How everything was that it changed.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True, db_index=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.was} is {self.text or 'no plate'}"
