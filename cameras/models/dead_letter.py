"""Work that was set aside after it failed again and again."""

from django.db import models

from cameras.models.image import Image


class DeadLetter(models.Model):
    """One task that is not tried again by itself, until a person says so."""

    task = models.CharField(max_length=64, help_text="What failed.")
    subject = models.CharField(max_length=64, help_text="The number of the image, or the id of the message.")
    image = models.ForeignKey(Image, on_delete=models.CASCADE, null=True, blank=True, related_name="dead_letters")
    args = models.JSONField(default=list, blank=True, help_text="What the task was given.")
    reason = models.CharField(max_length=255)
    traceback = models.TextField(blank=True)
    attempts = models.PositiveSmallIntegerField(default=0, help_text="How often it was tried.")
    failed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-failed_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["task", "subject"], name="one_letter_a_task_and_subject")]
        indexes = [models.Index(fields=["subject"], name="dead_letter_subject")]

    def __str__(self) -> str:
        return f"{self.task} {self.subject}"
