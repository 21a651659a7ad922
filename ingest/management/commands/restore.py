"""`manage.py restore FOLDER`: a backup brought into an empty system."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from rich.console import Console
from rich.table import Table

import environment
from environment import EnvironmentProblem
from ingest.backup.place import Place
from ingest.backup.restoring import Report, restore
from ingest.interrupts import between_steps
from ingest.management.commands.backup import bar
from ingest.up.stack import lock_folder


class Command(BaseCommand):
    """Bring database, settings and pictures back and compare counts and hashes."""

    help = "Brings a backup into an empty system. Stopped, it goes on when run again."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Accept the folder and --snapshot."""
        parser.add_argument("folder", type=Path, help="that `manage.py backup` wrote")
        parser.add_argument("--snapshot", default="", metavar="NAME", help="such as 20261123T170600Z; else the latest")

    def handle(self, *_args: Any, folder: Path, snapshot: str, **_options: Any) -> None:
        """Restore, or end with the line that says what is in the way; exit status 1 where something is missing."""
        console, place = Console(highlight=False, soft_wrap=True), Place(folder.absolute())
        try:
            lock = lock_folder(environment.current())  # noqa: F841  held until this process ends
            place.check()
            report = bring_back(place, snapshot, console)
        except KeyboardInterrupt:
            console.print("Stopped. Run the same command again to go on.")
            raise SystemExit(130) from None
        except EnvironmentProblem as problem:
            environment.fail(str(problem))
        except OSError as problem:
            environment.fail(f"{problem}. Run the same command again to go on.")
        show(report, console)


def bring_back(place: Place, name: str, console: Console) -> Report:
    """Restore, with a bar over the bytes."""
    snapshot = place.snapshot(name)
    with between_steps() as stopped, bar(console) as progress:
        total = sum(size for day in place.hashed_days() for _, size in place.hashes(day).values())
        task = progress.add_task(snapshot.name, total=total)

        def step(size: int) -> None:
            progress.advance(task, size)
            stopped()

        return restore(place, snapshot, step, lambda what: progress.update(task, description=what))


def show(report: Report, console: Console) -> None:
    """The counts then and now; exit status 1 where something did not come back."""
    table = Table("table", "then", "now", box=None, padding=(0, 2))
    for name, (least, most, now) in report.counts.items():
        then = f"{most:,}" if least == most else f"{least:,} to {most:,}"
        table.add_row(name, then, f"{now:,}", style="bold red" if name in report.different else "")
    console.print(table)
    for path in report.damaged:
        console.print(f"[red]{path} is gone or damaged in the backup[/red]")
    console.print(f"{report.files:,} pictures and thumbnails came back, each compared with its hash.")
    if not report.whole:
        raise SystemExit(1)
    console.print("Everything is back. Start it with `make run`.")
