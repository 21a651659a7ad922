"""The fact that a stage looked at an image, or why it did not."""

from typing import ClassVar

from django.db import models


class RunStatus(models.TextChoices):
    """How a stage ended. Nothing found, not looked yet and not wanted are different facts."""

    QUEUED = "queued", "Not looked yet"
    DONE = "done", "Something found"
    EMPTY = "empty", "Nothing found"
    SKIPPED = "skipped", "Not wanted"
    FAILED = "failed", "Failed"


class StageRun(models.Model):
    """One stage of one image; the row is made together with the image's."""

    stage: ClassVar[str]
    """What people call the stage."""

    status = models.CharField(max_length=8, choices=RunStatus.choices, default=RunStatus.QUEUED)
    model = models.CharField(max_length=64, blank=True)
    version = models.CharField(max_length=64, blank=True)
    reason = models.CharField(max_length=255, blank=True, help_text="Why it was skipped, or what failed.")
    attempts = models.PositiveSmallIntegerField(default=0, help_text="How often it was begun.")
    queued_at = models.DateTimeField(help_text="When it was last handed to the broker.")
    later = models.BooleanField(default=False, help_text="Handed over behind everything that is live, by reprocess.")
    put_off_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="When it was put off because too much waited; it is looked at when there is room.",
    )
    begun_at = models.DateTimeField(null=True, blank=True, help_text="When it was begun last.")
    finished_at = models.DateTimeField(null=True, blank=True)
    duration_ms = models.FloatField(null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.get_status_display()

    @property
    def put_off(self) -> bool:
        """Whether the stage waits until there is room, and the broker does not know of it."""
        return not self.ended and self.put_off_at is not None and self.queued_at <= self.put_off_at

    @property
    def ended(self) -> bool:
        """Whether the stage has come to an end, be it a failure; that stands until a person has it looked at anew."""
        return self.status != RunStatus.QUEUED
