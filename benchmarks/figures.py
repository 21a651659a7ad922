"""The last line of every benchmark: its figures against their bounds."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import NoReturn


@dataclass(frozen=True, slots=True)
class Bound:
    """What a figure must reach: one of the two is given."""

    at_least: float | None = None
    at_most: float | None = None

    def holds(self, value: float) -> bool:
        """Whether the value is within the bound."""
        if self.at_least is not None:
            return value >= self.at_least
        return self.at_most is None or value <= self.at_most


def finish(name: str, measured: dict[str, float], bounds: dict[str, Bound]) -> NoReturn:
    """Print the JSON line and end with status 0 only when every figure is within its bound."""
    figures = {}
    for key, bound in bounds.items():
        side = {"at_least": bound.at_least} if bound.at_least is not None else {"at_most": bound.at_most}
        figures[key] = {"value": round(measured[key], 3), **side, "ok": bound.holds(measured[key])}
    print(json.dumps({"benchmark": name, "figures": figures}), flush=True)
    raise SystemExit(0 if all(one["ok"] for one in figures.values()) else 1)
