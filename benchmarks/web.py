"""Every page at a million pictures: `python -m benchmarks.web [--only PAGE] [--explain]`.

On a private MariaDB with two sites of twenty cameras and a year, one with a million pictures and one with a tenth of
them; they are built once a day, and when migrations changed, and kept in a folder. Server time, through Django's test
client, warm. A page that is out of bounds is looked at once more, since other programs share the machine; the better
look counts. What was measured is printed when all of it was.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from rich.progress import track

from benchmarks.figures import Bound, finish
from benchmarks.web_building import build
from benchmarks.web_database import FULL, SIZES, TENTH, server, set_up, turn_to
from tests.harness import PICTURES, ROOT

BOUNDS = {
    "p95_ms_max": Bound(at_most=60),
    "deep_ratio": Bound(at_most=1.2),
    "growth_ratio": Bound(at_most=1.3),
    "queries_max": Bound(at_most=12),
    "first_view_kb": Bound(at_most=600),
    "js_kb": Bound(at_most=60),
}
SHOWN = 15
DEEP = "?200 pages deep"

if TYPE_CHECKING:  # they import models, for which Django has to be set up
    from benchmarks.web_pages import Page
    from benchmarks.web_timing import Cost


def main() -> None:
    """Build what is not there, measure, and print the figures; of chosen pages only their costs."""
    parser = argparse.ArgumentParser(prog="benchmarks.web", description="Every page at a million pictures.")
    parser.add_argument("--only", default="", metavar="PAGE", help="pages whose name has this, such as /gallery/")
    parser.add_argument("--rounds", type=int, default=20, help="how often each page is asked for")
    parser.add_argument("--explain", action="store_true", help="print the queries of pages and how they are done")
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "web-benchmark", help="keeps the databases")
    parser.add_argument("--pictures", type=Path, default=PICTURES, help="folder of JPEGs for the weights of pages")
    asked = parser.parse_args()
    with server(asked.folder.resolve()) as started:
        set_up(started, asked.folder.resolve())
        build(started, asked.folder.resolve())
        costs = measure(asked.only, asked.rounds, asked.explain)
    if asked.explain:
        return
    if asked.only:
        print("\n".join(tables(costs)))
        return
    print(f"the weights of pages, with pictures of {asked.pictures}", flush=True)
    from benchmarks import web_weights

    weights = web_weights.measure(asked.pictures)
    print("\n".join([*tables(costs), *web_weights.lines(weights)]), flush=True)
    finish("web", figures(costs) | web_weights.figures(weights), BOUNDS)


def measure(only: str, rounds: int, explain: bool) -> dict[str, dict[str, Cost]]:
    """What every page costs in both databases; nothing where the queries are explained instead."""
    from django.conf import settings
    from django.test.utils import override_settings

    from benchmarks import web_timing

    plain = {**settings.STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    with override_settings(STORAGES=plain, STATIC_ROOT=None, ALLOWED_HOSTS=["*"]):
        found = in_both(only)
        if not found:
            raise SystemExit(f"no page has {only!r} in its name")
        if explain:
            for both in found.values():
                web_timing.explain(both[FULL])
            return {}
        costs = {}
        for name, both in track(found.items(), "pages"):
            cost = web_timing.measure(both, rounds)
            if out_of_bounds(cost):
                cost = min(cost, web_timing.measure(both, rounds), key=lambda one: one[FULL].p95)
            costs[name] = cost
    return costs


def in_both(only: str) -> dict[str, dict[str, Page]]:
    """Every page by its name, as it is in each database."""
    from qsessions.models import Session

    from benchmarks.web_pages import pages

    found: dict[str, dict[str, Page]] = {}
    for size in SIZES:
        turn_to(size)
        for page in pages(only):
            found.setdefault(page.name, {})[size] = page
        Session.objects.all().delete()  # of earlier runs, which the page of the account would list
    return {name: both for name, both in found.items() if len(both) == len(SIZES)}


def out_of_bounds(cost: dict[str, Cost]) -> bool:
    """Whether a page is too slow, or so much slower than with a tenth of the pictures."""
    return not (BOUNDS["p95_ms_max"].holds(cost[FULL].p95) and BOUNDS["growth_ratio"].holds(growth(cost)))


def growth(cost: dict[str, Cost]) -> float:
    """The time of a page beside that with a tenth of the pictures."""
    return cost[FULL].usual / cost[TENTH].usual


def tables(costs: dict[str, dict[str, Cost]]) -> list[str]:
    """The pages that cost most, as lines: by time, by growth and by queries."""
    found = []
    for by in (lambda one: one[FULL].p95, growth, lambda one: max(size.queries for size in one.values())):
        found.append("  p95 ms, usual ms, of a tenth, growth, queries")
        for name in sorted(costs, key=lambda one: -by(costs[one]))[:SHOWN]:
            full, tenth = costs[name][FULL], costs[name][TENTH]
            row = f"{full.p95:7.1f} {full.usual:7.1f} {tenth.usual:7.1f} x{growth(costs[name]):.2f} {full.queries:3}"
            found.append(f"  {row}  {name}")
    return found


def figures(costs: dict[str, dict[str, Cost]]) -> dict[str, float]:
    """The figures of time and queries."""
    deep = [
        cost[FULL].usual / costs[name.replace(DEEP, "")][FULL].usual for name, cost in costs.items() if DEEP in name
    ]
    return {
        "p95_ms_max": max(cost[FULL].p95 for cost in costs.values()),
        "deep_ratio": max(deep, default=0.0),
        "growth_ratio": max(growth(cost) for cost in costs.values()),
        "queries_max": max(size.queries for cost in costs.values() for size in cost.values()),
    }


if __name__ == "__main__":
    main()
