"""What Plate Recognizer was asked, what it answered, and what that cost."""

from django.db import models

from cameras.models import Image, StageRun
from cameras.querysets import SeenThroughImage


class CloudRun(StageRun):
    """What the service did with one image, or why it was not asked."""

    stage = "cloud reading"
    image = models.OneToOneField(Image, on_delete=models.CASCADE, related_name="cloud_run")

    objects = SeenThroughImage.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["status", "queued_at"], name="cloud_run_due"),
            models.Index(fields=["status", "image"], name="cloud_run_newest"),
        ]
        verbose_name = "run of Plate Recognizer"
        verbose_name_plural = "runs of Plate Recognizer"


class CallStatus(models.TextChoices):
    """How a call ended."""

    BEGUN = "begun", "No answer yet"
    ANSWERED = "answered", "Answered"
    THROTTLED = "throttled", "Too early"
    REFUSED = "refused", "Refused"
    FAILED = "failed", "Failed"


class CloudCall(models.Model):
    """One picture sent, written before it is. Which visit it belonged to, the image knows, since visits may merge."""

    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="cloud_calls")
    status = models.CharField(max_length=10, choices=CallStatus.choices, default=CallStatus.BEGUN)
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    http_status = models.PositiveSmallIntegerField(null=True, blank=True)
    duration_ms = models.FloatField(null=True, blank=True, help_text="From sending to the end of the answer.")
    service_ms = models.FloatField(null=True, blank=True, help_text="What the service says that it took.")
    detail = models.CharField(max_length=255, blank=True, help_text="What went wrong.")
    raw = models.TextField(blank=True, help_text="The answer as it came.")
    vehicles = models.JSONField(
        default=list, blank=True, help_text="Of each plate the vehicle's type, make, model and colour, as far as told."
    )
    counted = models.BooleanField(default=True, help_text="Counts against the month's budget.")

    objects = SeenThroughImage.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["-begun_at"], name="cloud_call_newest"),
            models.Index(fields=["status", "-begun_at"], name="cloud_call_status_newest"),
        ]
        verbose_name = "call of Plate Recognizer"
        verbose_name_plural = "calls of Plate Recognizer"

    def __str__(self) -> str:
        return self.get_status_display()


class CloudDay(models.Model):
    """How many calls of a day count; it outlives the pictures, whose calls are purged with them."""

    day = models.DateField(unique=True, help_text="In UTC, as the service counts.")
    calls = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-day"]
        verbose_name = "day of Plate Recognizer"
        verbose_name_plural = "days of Plate Recognizer"

    def __str__(self) -> str:
        return f"{self.day}: {self.calls}"


class PauseKind(models.TextChoices):
    """Why nothing is sent for a while."""

    NONE = "", "Not paused"
    THROTTLED = "throttled", "The service asked to wait"
    FAILING = "failing", "The service does not answer as it should"
    TOKEN = "token", "The service refuses the token"
    CREDITS = "credits", "The account is out of credits"


class CloudState(models.Model):
    """The one row by which all workers keep one pace and know one budget."""

    next_call_at = models.DateTimeField(help_text="No call begins before.")
    paused_until = models.DateTimeField(help_text="Nothing is sent before.")
    pause = models.CharField(max_length=10, choices=PauseKind.choices, default=PauseKind.NONE, blank=True)
    reason = models.CharField(max_length=255, blank=True)
    failures = models.PositiveIntegerField(default=0, help_text="Calls that failed one after another.")
    account = models.CharField(max_length=16, blank=True, help_text="Changes with address and token.")
    service_limit = models.PositiveIntegerField(null=True, blank=True, help_text="Calls a month, by its word.")
    elsewhere = models.PositiveIntegerField(default=0, help_text="Calls that others made with the same account.")
    resets_at = models.DateTimeField(null=True, blank=True, help_text="When the service begins to count anew.")
    asked_at = models.DateTimeField(null=True, blank=True, help_text="When it was last asked for that.")

    class Meta:
        verbose_name = verbose_name_plural = "state of Plate Recognizer"

    def __str__(self) -> str:
        return self.get_pause_display()
