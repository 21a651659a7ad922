"""What rules wait for: one file for each group of kinds, all behind the contract of base.py."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError

from alerts.conditions.base import Condition, Met, Missed, Names
from alerts.conditions.events import NodeChange, Reported
from alerts.conditions.plates import PlateSeen
from alerts.conditions.states import Light, Sensor
from alerts.conditions.visits import Quiet, Seen

__all__ = ["KINDS", "Condition", "Met", "Missed", "Names", "read_conditions", "validate_conditions"]

KINDS: dict[str, Any] = {one.kind: one for one in (Seen, PlateSeen, Reported, Sensor, Light, NodeChange, Quiet)}
"""Every kind of condition by its name."""
MOST = 6
"""Conditions of one rule."""


def read_conditions(data: object) -> tuple[Condition, ...]:
    """The conditions of a rule from their JSON, a list of objects with a `kind`; raises `ValidationError`."""
    if not isinstance(data, list) or not 1 <= len(data) <= MOST:
        raise ValidationError(f"A rule has 1 to {MOST} conditions.")
    return tuple(map(read_condition, data))


def read_condition(data: object) -> Condition:
    """One condition; raises `ValidationError`."""
    kind = data.get("kind") if isinstance(data, dict) else None
    if kind not in KINDS:
        raise ValidationError(f"A condition's kind is one of {', '.join(KINDS)}, not {kind!r}.")
    made: Condition = KINDS[kind].read(data)
    return made


def validate_conditions(data: object) -> None:
    """Raise `ValidationError` where the JSON of a rule's conditions cannot be read."""
    read_conditions(data)
