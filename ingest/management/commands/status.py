"""`manage.py status`: how things stand."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db.utils import DatabaseError
from rich.console import Console
from rich.markup import escape
from rich.table import Table

import environment
from ingest import database_checks, state

ROWS = {
    "images": "Pictures kept",
    "events": "Events",
    "heartbeats": "Heartbeats",
    "detection_runs": "Pictures searched for objects",
    "detections": "Objects found",
    "recognition_runs": "Pictures considered for plates",
    "plate_readings": "Plates read",
    "visits": "Visits",
    "open_visits": "Visits that may go on",
    "sightings": "Vehicles seen in visits",
}


class Command(BaseCommand):
    """Print counts of everything kept and of everything that waits."""

    help = "Tells how things stand: what is kept, what waits, who runs."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Accept --json."""
        parser.add_argument("--json", action="store_true", help="one JSON object on standard output")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print the state."""
        try:
            found = state.collect()
        except DatabaseError as problem:
            environment.fail(database_checks.not_ready(problem))
        if options["json"]:
            self.stdout.write(json.dumps(found))
        else:
            show(found, Console())


def show(found: dict[str, Any], console: Console) -> None:
    """Print the state for a person."""
    receiver = found["receiver"]
    table = Table(box=None, show_header=False, padding=(0, 2))
    table.add_column()
    table.add_column(justify="right")
    for key, title in ROWS.items():
        table.add_row(title, f"{found[key]:,}")
    table.add_row("Waiting for detection", f"{found['waiting']['detection']:,}")
    table.add_row("Waiting for plate reading", f"{found['waiting']['recognition']:,}")
    table.add_row("Of these put off until there is room", f"{sum(found['put_off'].values()):,}")
    table.add_row("Failed", f"{sum(found['failed'].values()):,}")
    table.add_row("Stored, not yet with the broker", f"{found['outbox']['unpublished']:,}")
    console.print(table)
    if found["queues"] is None:
        console.print("[red]The broker does not answer.[/red]")
    else:
        console.print("Queues: " + ", ".join(f"{name} {depth}" for name, depth in found["queues"].items()))
        show_workers(found, console)
    if receiver["alive"]:
        console.print(f"[green]The receiver listens on {receiver['address']}.[/green]")
    else:
        console.print("[red]The receiver does not run: start everything with `make run`.[/red]")


def show_workers(found: dict[str, Any], console: Console) -> None:
    """Print what the workers do."""
    for line in found["broker_problems"] or ():
        console.print(f"[yellow]{escape(line)}[/yellow]")
    waiting = {name: seconds for name, seconds in (found["queue_ages"] or {}).items() if seconds >= 1}
    if waiting:
        console.print("Waiting for: " + ", ".join(f"{name} {seconds:.0f} s" for name, seconds in waiting.items()))
    for name, worker in (found["workers"] or {}).items():
        colour, word = ("green", "works") if worker["alive"] else ("red", "does not run")
        last = worker["last_completed_at"] or "never"
        facts = f"last task {last[:19].replace('T', ' ')} UTC, {worker['restarts']} restarts"
        console.print(f"[{colour}]Worker {name} {word}[/{colour}]: {', '.join(worker['queues'])}; {facts}")
