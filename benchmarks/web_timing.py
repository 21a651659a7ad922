"""What pages cost: Django's test client, that is middleware, view and template, with a warm database."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks.web_database import FULL, turn_to
from benchmarks.web_examples import user
from benchmarks.web_pages import Page

WARM = 2


@dataclass(slots=True)
class Cost:
    """What a page took in one database."""

    queries: int = 0
    ms: list[float] = field(default_factory=list)

    @property
    def p95(self) -> float:
        """Milliseconds below which all but one of twenty answers stayed."""
        return sorted(self.ms)[max(int(len(self.ms) * 0.95) - 1, 0)]

    @property
    def usual(self) -> float:
        """The median of its milliseconds."""
        return statistics.median(self.ms)


def measure(pages: dict[str, Page], rounds: int) -> dict[str, Cost]:
    """A page in each of some databases, by turns, so that what else the machine does falls on all of them."""
    costs = {name: Cost() for name in pages}
    clients = {name: signed_in(name, page) for name, page in pages.items()}
    for number in range(WARM + rounds):
        for name, page in pages.items():
            turn_to(name)
            begun = time.perf_counter()
            if number == WARM - 1:
                costs[name].queries = counted(clients[name], page)
            else:
                answered(clients[name], page)
            if number >= WARM:
                costs[name].ms.append((time.perf_counter() - begun) * 1000)
    return costs


_clients: dict[tuple[str, str], Client] = {}


def signed_in(name: str, page: Page) -> Client:
    """The browser of the person who opens the page, one for each database."""
    turn_to(name)
    if (name, page.who) not in _clients:
        client = Client()
        client.force_login(user(page.who))
        _clients[name, page.who] = client
    return _clients[name, page.who]


def answered(client: Client, page: Page) -> None:
    """Ask for it, and take all of the answer. Raises `SystemExit` where it is not what it should be."""
    answer = client.get(page.address)
    if page.status not in (-1, answer.status_code):
        raise SystemExit(f"{page.address} for {page.who} answers {answer.status_code}, not {page.status}")
    if answer.streaming:
        for _ in answer:
            pass


def counted(client: Client, page: Page) -> int:
    """How many queries it takes."""
    with CaptureQueriesContext(connection) as queries:
        answered(client, page)
    return len(queries)


def explain(page: Page) -> None:
    """Print the queries of a page with their times, and how the database does those that take long."""
    client = signed_in(FULL, page)
    answered(client, page)
    with CaptureQueriesContext(connection) as queries:
        answered(client, page)
    print(f"\n{page.name}: {page.address}")
    for one in queries.captured_queries:
        ms = float(one["time"]) * 1000
        print(f"  {ms:.0f} ms  {one['sql'][:4000] if ms >= 4 else one['sql'][:120]}")
        if ms >= 4 and one["sql"].startswith("SELECT"):
            with connection.cursor() as cursor:
                cursor.execute("EXPLAIN " + one["sql"].replace("%", "%%"), [])
                table(cursor.fetchall())


def table(rows: Sequence[Sequence[object]]) -> None:
    """Print the lines of an EXPLAIN."""
    for row in rows:
        print("      ", " | ".join(str(cell) for cell in row))
