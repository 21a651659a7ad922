"""Rules in sentences."""

from __future__ import annotations

from django.core.exceptions import ValidationError

from alerts.conditions import Names, read_conditions
from alerts.models import Rule
from alerts.only_if import OnlyIf
from cameras.models import Camera, Node


def names() -> Names:
    """What all cameras and nodes are called; two queries."""
    cameras = Camera.objects.select_related("node")
    return Names({one.pk: str(one) for one in cameras}, {one.pk: one.name for one in Node.objects.all()})


def when(rule: Rule, called: Names) -> list[str]:
    """What a rule waits for, a sentence's part for each condition; what is wrong where it cannot be read."""
    try:
        said = [one.words(called) for one in read_conditions(rule.conditions)]
    except ValidationError as problem:
        return [f"cannot be read: {problem.messages[0]}"]
    if len(said) > 1:
        said[-1] += f", within {rule.within_seconds} s"
    return said


def only_if(rule: Rule) -> str:
    """When it counts; nothing where it always does."""
    try:
        return OnlyIf.read(rule.only_if).words()
    except ValidationError as problem:
        return f"cannot be read: {problem.messages[0]}"
