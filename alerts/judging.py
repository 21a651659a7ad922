"""Whether a rule is met by the facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from alerts.arming import was_armed
from alerts.compiled import Compiled
from alerts.conditions import Met, Missed
from alerts.facts import Facts


@dataclass(frozen=True, slots=True)
class Occurred:
    """A rule is met: all that its conditions found, and what the message is about."""

    key: str
    main: Met
    parts: tuple[Met, ...]

    @property
    def at(self) -> datetime:
        """When the last part of it happened."""
        return max(one.at for one in self.parts)

    def first(self, name: str) -> Any:
        """A fact of the main part, else of any other that knows it; None where none does."""
        return next((value for one in (self.main, *self.parts) if (value := getattr(one, name))), None)


@dataclass(frozen=True, slots=True)
class Failed:
    """A rule is not met."""

    code: str
    """`condition` or `only_if`."""
    reason: str
    due_at: datetime | None = None
    near: float = 0.0


def judge(rule: Compiled, facts: Facts) -> Occurred | Failed:
    """Look at each condition in turn; the first that fails decides.

    A rule of one condition asks of what is at hand only; several may also be met by what was a moment before.
    """
    parts: list[Met] = []
    missed: Missed | None = None
    for number, condition in enumerate(rule.conditions):
        found = condition.look(facts, rule.within)
        if isinstance(found, Met):
            parts.append(found)
        elif found.due_at is None:
            return Failed("condition", found.reason, near=(number + found.near) / len(rule.conditions))
        elif missed is None or missed.due_at is None or found.due_at > missed.due_at:
            missed = found  # all that waits for a time has to have waited for it
    if missed:
        return Failed("condition", missed.reason, missed.due_at, 0.9)
    armed = bool(rule.only_if.armed) and facts.once("armed", lambda: was_armed(facts.at))
    if failed := rule.only_if.failed(facts.at, armed):
        return Failed("only_if", failed, near=1.0)
    return occurred(parts)


def occurred(parts: list[Met]) -> Occurred:
    """What is told once: a vehicle, else a visit, else a state since its beginning, else an event."""

    def rank(one: Met) -> tuple[int, float]:
        kinds = ("event", "image", "quiet", "since", "visit")
        kind = one.key.partition(":")[0]
        return ((len(kinds) if one.plate else kinds.index(kind)), one.score)

    main = max(parts, key=rank)
    lasting = sorted(one.key for one in parts if one.key.startswith(("quiet:", "since:")))
    key = main.key if main.visit and not main.key.startswith("quiet:") else "+".join(lasting) or main.key
    return Occurred(key[:150], main, tuple(parts))
