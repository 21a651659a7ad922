"""The custom user model, part of the very first migration."""

from typing import Any

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db import models

from accounts import sessions


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

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; a new password and the end of a login log this person out everywhere.

        Whoever changes their own password keeps the session at hand: Django then makes it anew.
        """
        # Django's own mark of a new password, until it is saved.
        new_password: str | None = getattr(self, "_password", None)
        ends = self.pk is not None and (new_password is not None or not self.is_active)
        super().save(*args, **kwargs)
        if ends:
            sessions.end_all(self.pk)


Person = User | AnonymousUser
"""Whoever asks for something."""
