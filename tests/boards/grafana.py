"""What Grafana makes of its boards: the macros of its MySQL data source become what its documentation says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.harness import ROOT

GRAFANA = ROOT / "docker" / "grafana"
BOARDS = {path.stem: json.loads(path.read_text()) for path in sorted((GRAFANA / "boards").glob("*.json"))}
MACRO = re.compile(r"\$(__\w+)\(([^)]*)\)")
VARIABLE = re.compile(r"\$\{?(?!__)(\w+)\}?")
METRIC = re.compile(r"\b(?:librarian|process)_\w+\b|\bup\b")
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


@dataclass(frozen=True)
class Range:
    """What a person who looks at a board has chosen."""

    first: datetime
    last: datetime
    interval: str
    variables: dict[str, str]
    """As they stand in the query: of one value as it is, of several each in quotes with commas between them."""

    def sql(self, query: str) -> str:
        """A query as it goes to the server."""
        query = query.replace("$__interval", self.interval)
        query = VARIABLE.sub(lambda found: self.variables[found[1]], query)
        return MACRO.sub(lambda found: self._macro(found[1], [one.strip() for one in found[2].split(",")]), query)

    def _macro(self, name: str, arguments: list[str]) -> str:
        first, last = int(self.first.timestamp()), int(self.last.timestamp())
        if name == "__timeFilter":
            return f"{arguments[0]} BETWEEN FROM_UNIXTIME({first}) AND FROM_UNIXTIME({last})"
        assert name == "__timeGroupAlias", name
        interval = arguments[1].strip("'\"")
        seconds = int(interval[:-1]) * SECONDS[interval[-1]]
        return f'UNIX_TIMESTAMP({arguments[0]}) DIV {seconds} * {seconds} AS "time"'


def panels(board: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Its panels but for the headings."""
    return (panel for panel in board["panels"] if panel["type"] != "row")


def targets(kind: str) -> Iterator[tuple[str, str, str]]:
    """Every query of that kind of data source (`mysql`, `prometheus`), with its board's and its panel's title."""
    field = {"mysql": "rawSql", "prometheus": "expr"}[kind]
    for name, board in BOARDS.items():
        for panel in panels(board):
            for target in panel["targets"]:
                if target["datasource"]["type"] == kind:
                    yield name, panel["title"], target[field]


def metrics() -> set[str]:
    """The names of all metrics that the boards ask for."""
    return {name for _, _, expression in targets("prometheus") for name in METRIC.findall(expression)}


def file(name: str) -> Path:
    """A file of docker/grafana."""
    return GRAFANA / name
