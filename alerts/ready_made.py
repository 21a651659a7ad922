"""Rules to begin with, each added by one click and then like any other."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from alerts.due import look_soon
from alerts.models import Channel, Rule

ALIVE = ["person", "dog", "cat"]


@dataclass(frozen=True, slots=True)
class ReadyMade:
    """A rule to begin with."""

    slug: str
    name: str
    about: str
    conditions: tuple[dict[str, Any], ...]
    facts: dict[str, Any] = field(default_factory=dict)


READY_MADE = (
    ReadyMade(
        "moving",
        "Somebody moves",
        "Motion in a region of interest, and a person, dog or cat in a picture within ten seconds: “A person at the "
        "back door”.",
        ({"kind": "event", "kinds": ["motion"], "value": "moving"}, {"kind": "visit", "labels": ALIVE, "score": 0.5}),
        {"template": "{what} {place}", "within_seconds": 10},
    ),
    ReadyMade(
        "watched",
        "A watched plate",
        "A vehicle whose plate is on the list Watch, with your note on it.",
        ({"kind": "plate", "lists": ["watch"]},),
        {"template": "{plate} {owner} {place}", "cooldown_seconds": 0},
    ),
    ReadyMade(
        "stranger",
        "An unknown plate",
        "A vehicle whose plate is on no list, once its visit is over.",
        ({"kind": "plate", "lists": ["unknown"]},),
        {"template": "Unknown plate {plate} {place}"},
    ),
    ReadyMade(
        "silent",
        "A node falls silent",
        "Nothing comes from a Raspberry Pi any more.",
        ({"kind": "node", "state": "silent"},),
        {"template": "{node} is silent {value}", "picture": False, "urgent": True},
    ),
)


@transaction.atomic
def add(slug: str) -> Rule | None:
    """Add a rule to begin with, with all channels in use; None where there is none of that name."""
    found = next((one for one in READY_MADE if one.slug == slug), None)
    if found is None:
        return None
    rule = Rule(name=free_name(found.name), conditions=list(found.conditions), ready_made=slug, **found.facts)
    rule.full_clean()
    rule.save()
    rule.channels.set(Channel.objects.filter(enabled=True))
    look_soon(rule)
    return rule


def free_name(name: str) -> str:
    """A name that no rule has yet."""
    number = 1
    while Rule.objects.filter(name=name if number == 1 else f"{name} {number}").exists():
        number += 1
    return name if number == 1 else f"{name} {number}"


def left() -> list[ReadyMade]:
    """Those that were not added yet."""
    added = set(Rule.objects.exclude(ready_made="").values_list("ready_made", flat=True))
    return [one for one in READY_MADE if one.slug not in added]
