"""What a rule would have told in the past week: the same looks at the same facts, and nothing sent."""

from __future__ import annotations

import heapq
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter

from django.db.models import QuerySet
from django.utils import timezone

from alerts.compiled import Compiled, compiled
from alerts.facts import EVENT, OVER, READ, SEEN, TIME, Facts, of_event, of_image, of_visit
from alerts.judging import Failed, Occurred, judge
from alerts.models import Rule
from alerts.wording import render
from alerts.words import facts_of
from cameras.models import Event, Image, Visit

PAST = timedelta(days=7)
SECONDS = 8.0
"""A person waits for the answer."""
MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Would:
    """A message that would have been made, or why not."""

    at: datetime
    text: str
    visit: int | None
    image: int | None
    held: str = ""
    """The suppression that would have kept it back; nothing where it would have been sent."""


@dataclass(slots=True)
class Tried:
    """The outcome of a try."""

    found: list[Would]
    looks: int = 0
    until: datetime | None = None
    """How far the look came, where there was too much for the time."""

    @property
    def sent(self) -> list[Would]:
        """What would have been sent."""
        return [one for one in self.found if not one.held]

    @property
    def held(self) -> int:
        """How many would have been kept back."""
        return len(self.found) - len(self.sent)


def try_rule(rule: Rule, now: datetime | None = None, seconds: float = SECONDS) -> Tried:
    """What a rule, saved or not, would have told since a week ago. Raises `ValidationError` where it cannot be read."""
    now = now or timezone.now()
    ready, deadline = compiled(rule), time.monotonic() + seconds
    tried, seen, due = Tried([]), set[str](), None
    for facts in happenings(ready, now - PAST, now):
        while due and due <= facts.at:
            due = look(rule, ready, Facts(TIME, due), tried, seen)
        due = look(rule, ready, facts, tried, seen) or due
        if time.monotonic() > deadline:
            tried.until = facts.at
            return tried
    while due and due <= now:
        due = look(rule, ready, Facts(TIME, due), tried, seen)
    return tried


def look(rule: Rule, ready: Compiled, facts: Facts, tried: Tried, seen: set[str]) -> datetime | None:
    """Look once; what is met is noted, and a time to wait for returned."""
    tried.looks += 1
    found = judge(ready, facts)
    if isinstance(found, Failed):
        return found.due_at
    if found.key not in seen:
        held = held_back(rule, facts.at, found, tried)
        if held != COOLDOWN:
            seen.add(found.key)
        text = render(rule.template, facts_of(rule, found))
        tried.found.append(Would(facts.at, text, found.first("visit"), found.first("image"), held))
    return None


BURST, COOLDOWN, CAP = "joins the message before", "cooldown", "hourly cap"


def held_back(rule: Rule, at: datetime, found: Occurred, tried: Tried) -> str:
    """Which suppression would have kept it back."""
    sent = tried.sent
    if tried.found and at - tried.found[-1].at < timedelta(seconds=rule.group_seconds):
        return BURST
    if sent and at - sent[-1].at < timedelta(seconds=rule.cooldown_seconds):
        return COOLDOWN
    lately = sum(at - one.at < timedelta(hours=1) for one in sent)
    return CAP if rule.hourly_cap and lately >= rule.hourly_cap else ""


def happenings(rule: Compiled, since: datetime, now: datetime) -> Iterator[Facts]:
    """What a rule listens for, in the order of time."""
    ways: list[Iterator[Facts]] = []
    cameras = sorted(rule.places)
    if SEEN in rule.listens:
        ways.append(of_image(one, SEEN) for one in pictures(rule, since, now).iterator(500))
    if {READ, OVER} & rule.listens:
        visits = Visit.objects.filter(ended_at__gte=since, ended_at__lte=now).exclude(sightings=None).distinct()
        visits = visits.filter(camera__in=cameras) if cameras else visits
        ways.append(of_visit(one) for one in visits.select_related("camera").order_by("ended_at", "pk").iterator(500))
    if EVENT in rule.listens:
        events = Event.objects.filter(at__gte=since, at__lte=now)
        ways.append(of_event(one) for one in events.order_by("at", "pk").iterator(500))
    return heapq.merge(*ways, key=attrgetter("at"))


def pictures(rule: Compiled, since: datetime, now: datetime) -> QuerySet[Image]:
    """The pictures that a rule may be about: of its cameras, and with things that it names where it names any."""
    rows = Image.objects.filter(received_at__gte=since, received_at__lte=now)
    rows = rows.filter(camera__in=sorted(rule.places)) if rule.places else rows
    named = [getattr(one, "labels", ()) for one in rule.conditions if SEEN in one.listens]
    if all(named):
        rows = rows.filter(detections__label__in={label for each in named for label in each}).distinct()
    return rows.select_related("camera", "visit").order_by("received_at", "pk")
