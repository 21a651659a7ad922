"""The custom user model, part of the very first migration."""

from typing import Any

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import cached_property

from accounts import sessions, zones


class Theme(models.TextChoices):
    """Which colours somebody sees."""

    AUTO = "auto", "As the device"
    LIGHT = "light", "Light"
    DARK = "dark", "Dark"


class Density(models.TextChoices):
    """How much stands on a page."""

    COMFORTABLE = "comfortable", "Comfortable"
    COMPACT = "compact", "Compact"


def validate_zone(name: str) -> None:
    """Raise `ValidationError` where a text names no time zone."""
    if zones.find(name) is None:
        raise ValidationError(f"“{name}” is no time zone; they are named such as Europe/Berlin.")


class User(AbstractUser):
    """A person with a login: staff administer, everyone else looks."""

    only_chosen_cameras = models.BooleanField(
        "sees only chosen cameras",
        default=False,
        help_text="Limits this person to the cameras whose list of viewers names them. Staff see all cameras.",
    )

    time_zone = models.CharField(
        max_length=64,
        blank=True,
        validators=[validate_zone],
        help_text="By which times are told, such as Europe/Berlin. Empty: the site's.",
    )
    theme = models.CharField("colours", max_length=8, choices=Theme.choices, default=Theme.AUTO)
    density = models.CharField(max_length=16, choices=Density.choices, default=Density.COMFORTABLE)

    @property
    def sees_everything(self) -> bool:
        """Whether no camera is hidden from this person."""
        return self.is_active and (self.is_staff or self.is_superuser or not self.only_chosen_cameras)

    @cached_property
    def camera_numbers(self) -> list[int]:
        """The numbers of the cameras that this person was chosen for; read once, since a request has its own row."""
        return list(self.chosen_cameras.order_by().values_list("pk", flat=True))

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
