"""The rules in use, read once and kept until one of them changes."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count, Max

from alerts.conditions import Condition, read_conditions
from alerts.facts import OVER, READ, SEEN
from alerts.models import Rule
from alerts.only_if import OnlyIf
from cameras.models import CameraAlias

log = logging.getLogger(__name__)
Stamp = tuple[datetime | None, int]
FRESH_SECONDS = 30.0
"""Read anew after so long in any case: two who save at once, and cameras that are merged, leave the stamp as it is."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """A rule, ready to be looked at."""

    pk: int
    name: str
    conditions: tuple[Condition, ...]
    within: timedelta
    only_if: OnlyIf
    names_plate: bool = False
    """Whether its message tells the plate, which is known later than what was seen."""

    @property
    def listens(self) -> frozenset[str]:
        """After what any of its conditions may be met."""
        return frozenset().union(*(one.listens for one in self.conditions))

    @property
    def places(self) -> frozenset[int]:
        """The cameras that alone can make it true; empty for any."""
        each = [one.places for one in self.conditions]
        return frozenset().union(*each) if all(each) else frozenset()


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Rules by what they listen for and at which camera; None holds those that listen everywhere."""

    stamp: Stamp
    rules: dict[int, Compiled]
    by_place: dict[tuple[str, int | None], tuple[Compiled, ...]]

    def asked(self, what: str, camera_id: int | None) -> list[Compiled]:
        """The rules that something may make true."""
        everywhere = self.by_place.get((what, None), ())
        here = self.by_place.get((what, camera_id), ()) if camera_id is not None else ()
        return [*everywhere, *here]


def compiled(rule: Rule, heirs: Mapping[int, int] | None = None) -> Compiled:
    """A rule, ready to be looked at; raises `ValidationError` where its JSON cannot be read.

    `heirs` are the cameras that others were merged into, by the numbers that those had.
    """
    within = timedelta(seconds=rule.within_seconds)
    heirs = heirs or {}
    conditions = tuple(inherited(one, heirs) for one in read_conditions(rule.conditions))
    return Compiled(
        *(rule.pk or 0, rule.name, conditions, within, OnlyIf.read(rule.only_if)),
        names_plate="{plate}" in rule.template,
    )


def inherited(condition: Condition, heirs: Mapping[int, int]) -> Condition:
    """A condition that looks at a camera's heir where the camera was merged."""
    cameras: frozenset[int] = getattr(condition, "cameras", frozenset())
    if cameras.isdisjoint(heirs):
        return condition
    changed: Any = replace(condition, cameras=frozenset(heirs.get(one, one) for one in cameras))  # type: ignore[type-var]
    found: Condition = changed
    return found


def gathered(stamp: Stamp, rules: Iterable[Rule]) -> RuleSet:
    """Some rules by what they listen for; what cannot be read is logged and left out."""
    ready: dict[int, Compiled] = {}
    merged = CameraAlias.objects.exclude(merged_id=None).values_list("merged_id", "camera")
    heirs = {number or 0: heir for number, heir in merged}
    places: dict[tuple[str, int | None], list[Compiled]] = {}
    for rule in rules:
        try:
            one = compiled(rule, heirs)
        except ValidationError as problem:
            log.error("rule %r cannot be read and is left out: %s", rule.name, "; ".join(problem.messages))
            continue
        ready[one.pk] = one
        for what in one.listens:
            for place in one.places or (None,):
                places.setdefault((what, place), []).append(one)
    return RuleSet(stamp, ready, {key: tuple(found) for key, found in places.items()})


_lock = threading.Lock()
_kept: RuleSet | None = None
_read_at = 0.0


def current() -> RuleSet:
    """The rules in use; one small query tells whether those read before still hold."""
    global _kept, _read_at  # noqa: PLW0603  one set of rules a process
    found = Rule.objects.aggregate(newest=Max("changed_at"), number=Count("pk"))
    stamp = (found["newest"], found["number"])
    with _lock:
        if _kept is None or _kept.stamp != stamp or time.monotonic() - _read_at > FRESH_SECONDS:
            _kept = gathered(stamp, Rule.objects.filter(enabled=True).order_by("pk"))
            _read_at = time.monotonic()
        return _kept


def wants(what: str, camera_id: int | None) -> bool:
    """Whether any rule is to be asked about such a thing at that camera; see `ingest/telling.py`."""
    rules = current()
    return bool(rules.asked(what, camera_id)) or (
        what in (READ, OVER) and any(one.names_plate for one in rules.asked(SEEN, camera_id))
    )


def forget() -> None:
    """Read the rules anew at the next look."""
    global _kept  # noqa: PLW0603
    with _lock:
        _kept = None
