"""Only if: the time of day, the weekday, the site's being armed, and where the sun stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any, Self

from astral import Depression, LocationInfo
from astral.sun import elevation
from django.core.exceptions import ValidationError
from django.utils import timezone

from alerts.reading import Reader

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SUN = {"": "", "up": "the sun is up", "down": "the sun is down", "dark": "it is dark outside"}
HORIZON = -0.833
"""Degrees of the sun's centre at sunrise and sunset, for refraction and its radius (NOAA, General Solar Position)."""
DUSK = -float(Depression.CIVIL.value)
"""Degrees below which it is dark: the end of civil twilight."""


@dataclass(frozen=True, slots=True)
class OnlyIf:
    """When a rule counts. Days are numbered from Monday, 0; times are the site's clock and may pass midnight."""

    armed: str = ""
    """yes, no, or nothing for either."""
    start: str = ""
    end: str = ""
    weekdays: frozenset[int] = frozenset()
    sun: str = ""
    latitude: float | None = None
    longitude: float | None = None

    @classmethod
    def read(cls, data: Any) -> Self:
        """From a rule's JSON; raises `ValidationError`."""
        entries = Reader(data, "Only if")
        armed = entries.choice("armed", ("", "yes", "no"))
        start, end = entries.clock("from"), entries.clock("to")
        weekdays, sun = entries.numbers("weekdays"), entries.choice("sun", tuple(SUN))
        latitude = entries.number("latitude", -90, 90) if "latitude" in entries.left else None
        longitude = entries.number("longitude", -180, 180) if "longitude" in entries.left else None
        entries.end()
        if bool(start) != bool(end) or (start and start == end):
            raise ValidationError("Only if: from and to have to be two different times, or both empty.")
        if not weekdays <= set(range(7)):
            raise ValidationError("Only if: weekdays are 0 for Monday to 6 for Sunday.")
        if sun and (latitude is None or longitude is None):
            raise ValidationError("Only if: to know the sun, write the latitude and the longitude of the site.")
        return cls(armed, start, end, weekdays, sun, latitude, longitude)

    def failed(self, at: datetime, armed: bool) -> str:
        """Why a rule does not count at a time, or nothing where it does."""
        local = timezone.localtime(at, timezone.get_default_timezone())
        if self.armed and (self.armed == "yes") != armed:
            return f"the site was {'armed' if armed else 'disarmed'}"
        if self.start and not between(local.time(), self.start, self.end):
            return f"it was {local:%H:%M}, not between {self.start} and {self.end}"
        if self.weekdays and self.weekday(local) not in self.weekdays:
            return f"it was {DAYS[local.weekday()]}"
        return self.failed_by_sun(at)

    def weekday(self, local: datetime) -> int:
        """The day that counts: what passes midnight belongs to the day on which it began."""
        passes = self.start and self.start > self.end and f"{local:%H:%M}" < self.end
        return (local.weekday() - 1) % 7 if passes else local.weekday()

    def failed_by_sun(self, at: datetime) -> str:
        """Why the sun is in the way, or nothing."""
        if not self.sun or self.latitude is None or self.longitude is None:
            return ""
        place = LocationInfo(latitude=self.latitude, longitude=self.longitude)
        height = elevation(place.observer, at, with_refraction=False)
        right = {"up": height > HORIZON, "down": height <= HORIZON, "dark": height <= DUSK}[self.sun]
        return "" if right else f"the sun stood at {height:.0f}°"

    def words(self) -> str:
        """The condition as people say it; nothing where it says nothing."""
        said = [{"yes": "the site is armed", "no": "the site is disarmed"}[self.armed]] if self.armed else []
        said += [f"it is between {self.start} and {self.end}"] if self.start else []
        said += ["it is " + " or ".join(DAYS[day] for day in sorted(self.weekdays))] if self.weekdays else []
        return " and ".join([*said, *([SUN[self.sun]] if self.sun else [])])


def between(now: time, start: str, end: str) -> bool:
    """Whether a time of day lies between two, HH:MM, the first included; they may pass midnight."""
    text = f"{now:%H:%M}"
    return start <= text < end if start < end else text >= start or text < end


def validate_only_if(data: object) -> None:
    """Raise `ValidationError` where the JSON of a rule's "only if" cannot be read."""
    OnlyIf.read(data)
