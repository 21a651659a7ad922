"""What rows of counts have in common: one for every hour, by UTC, and one for every day of the site's time zone.

Rows of days are sums of those hours that begin on them, and rows of the whole site are sums of its cameras' days; they
spare the pages most of the reading. Where nothing is to be counted there is no row.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from cameras.fields import ExactCharField
from cameras.models import Camera
from cameras.querysets import SeenThroughCamera

BOUNDS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 300, 1800)
"""Seconds up to which latencies are told apart; what took longer is in one more bucket."""
BUCKETS = tuple(f"within_{number}" for number in range(len(BOUNDS) + 1))
"""The columns of these buckets."""
STATES = ("known", "watch", "ignore", "unknown", "unread")
"""What may be known of a vehicle: its plate is on one of the lists or on none, or no plate was read surely."""


class StageName(models.TextChoices):
    """What every picture passes."""

    INDEX = "index", "Indexing"
    DETECT = "detect", "Object detection"
    PLATES = "plates", "Plate reading"


class Hourly(models.Model):
    """Rows of hours."""

    camera = models.ForeignKey(Camera, on_delete=models.CASCADE, related_name="+", db_index=False)
    at = models.DateTimeField("hour", help_text="When the hour began; whole hours of UTC.")

    objects = SeenThroughCamera.as_manager()

    class Meta:
        abstract = True
        indexes = [models.Index(fields=["camera", "at"], name="%(class)s_camera")]

    def __str__(self) -> str:
        return f"camera {self.camera_id} at {self.at}"


class Daily(models.Model):
    """Rows of days."""

    camera = models.ForeignKey(Camera, on_delete=models.CASCADE, related_name="+", db_index=False)
    at = models.DateField("day", help_text="By the site's clock.")

    objects = SeenThroughCamera.as_manager()

    class Meta:
        abstract = True
        indexes = [models.Index(fields=["camera", "at"], name="%(class)s_camera")]

    def __str__(self) -> str:
        return f"camera {self.camera_id} at {self.at}"


class OfSite(models.Model):
    """Rows of days of all cameras together, for who sees them all."""

    at = models.DateField("day", help_text="By the site's clock.")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"all cameras at {self.at}"


class Traffic(models.Model):
    """Pictures, visits and vehicles of a camera."""

    KEYS: ClassVar[tuple[str, ...]] = ()
    images = models.PositiveIntegerField(default=0)
    bytes = models.PositiveBigIntegerField(default=0)
    with_vehicle = models.PositiveIntegerField(default=0, help_text="Pictures on which a vehicle was found.")
    with_person = models.PositiveIntegerField(default=0, help_text="Pictures on which a person was found.")
    visits = models.PositiveIntegerField(default=0, help_text="Those that began then.")
    known = models.PositiveIntegerField(default=0, help_text="Vehicles with a plate of the list of known ones.")
    watch = models.PositiveIntegerField(default=0)
    ignore = models.PositiveIntegerField(default=0)
    unknown = models.PositiveIntegerField(default=0, help_text="Vehicles with a plate that is on no list.")
    unread = models.PositiveIntegerField(default=0, help_text="Vehicles without a plate that was read surely.")

    class Meta:
        abstract = True


class Visits(models.Model):
    """Visits by the hour of the site's clock in which they began; an hour that clocks repeat has those of both."""

    KEYS: ClassVar[tuple[str, ...]] = ()

    class Meta:
        abstract = True


HOURS = tuple(f"hour_{number}" for number in range(24))
"""The columns of these hours."""
for _name in HOURS:
    Visits.add_to_class(_name, models.PositiveIntegerField(default=0))


class Things(models.Model):
    """Things of one label on a camera's pictures, each thing of each picture once."""

    KEYS: ClassVar[tuple[str, ...]] = ("label",)
    label = ExactCharField(max_length=32)
    things = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True


class Work(models.Model):
    """What a stage did with the pictures that were received then, and how long they waited for it.

    Latency is the time from being handed to the stage to its end; for `index` from receipt to the row.
    """

    KEYS: ClassVar[tuple[str, ...]] = ("stage",)
    stage = models.CharField(max_length=8, choices=StageName.choices)
    done = models.PositiveIntegerField(default=0, help_text="Pictures that it looked at.")
    failed = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0, help_text="Pictures that it had nothing to do with.")
    waiting = models.PositiveIntegerField(default=0)
    work_ms = models.FloatField(default=0, help_text="Milliseconds of work, summed.")
    within_0 = models.PositiveIntegerField(default=0, help_text="Of those looked at: ended within 0.1 s.")
    within_1 = models.PositiveIntegerField(default=0, help_text="0.1 s to 0.2 s, and so on, see BOUNDS.")
    within_2 = models.PositiveIntegerField(default=0)
    within_3 = models.PositiveIntegerField(default=0)
    within_4 = models.PositiveIntegerField(default=0)
    within_5 = models.PositiveIntegerField(default=0)
    within_6 = models.PositiveIntegerField(default=0)
    within_7 = models.PositiveIntegerField(default=0)
    within_8 = models.PositiveIntegerField(default=0)
    within_9 = models.PositiveIntegerField(default=0)
    within_10 = models.PositiveIntegerField(default=0)
    within_11 = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True
