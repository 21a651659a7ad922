"""What was purged, so that no sweep brings it back."""

from django.db import models

from cameras.fields import ExactCharField


class Tombstone(models.Model):
    """A message whose picture or event was purged. Written before anything is removed."""

    message_id = models.UUIDField(unique=True)
    path = ExactCharField(max_length=255, blank=True, db_index=True)
    purged_at = models.DateTimeField(auto_now_add=True, db_index=True)

    def __str__(self) -> str:
        return self.path or str(self.message_id)
