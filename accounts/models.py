"""The custom user model, part of the very first migration."""

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """A person with a login: staff administer, everyone else looks."""

    only_chosen_cameras = models.BooleanField(
        "sees only chosen cameras",
        default=False,
        help_text="Limits this person to the cameras whose list of viewers names them. Staff see all cameras.",
    )

    @property
    def sees_everything(self) -> bool:
        """Whether no camera is hidden from this person."""
        return self.is_active and (self.is_staff or self.is_superuser or not self.only_chosen_cameras)
