"""What retention removed, and what it refused to."""

from django.db import models


class Purge(models.Model):
    """What went on one day for one reason; or a refusal to remove anything, which stands until it is over."""

    at = models.DateTimeField(auto_now=True, help_text="When it last removed anything, or refused.")
    why = models.CharField(max_length=100, help_text="Age, or room on the disk.")
    images = models.PositiveIntegerField(default=0)
    bytes = models.PositiveBigIntegerField(default=0)
    events = models.PositiveIntegerField(default=0)
    visits = models.PositiveIntegerField(default=0)
    refused = models.BooleanField(default=False, help_text="More was due than may go at once; nothing was removed.")
    text = models.CharField(max_length=255, blank=True)
    over_at = models.DateTimeField(
        "over", null=True, blank=True, help_text="Of a refusal: since then no more is due than may go at once."
    )

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["-at", "-id"], name="purge_newest")]

    def __str__(self) -> str:
        return self.text or f"{self.why}: {self.images} pictures"
