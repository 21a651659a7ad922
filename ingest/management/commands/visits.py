"""`manage.py visits`: have images that are in no visit join theirs."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

import cameras.visits
import environment
from cameras.models import Visit
from ingest import database_checks, visits


class Command(BaseCommand):
    """Make the visits of images that were stored before there were any; stopped, it goes on when run again."""

    help = "Has images that are in no visit join theirs, and merges their readings. Stopped, it goes on when run again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Accept a look without doing anything."""
        parser.add_argument("--dry-run", action="store_true", help="count, change nothing")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Join, or end with the line that says what is wrong."""
        console = Console(highlight=False, soft_wrap=True)
        try:
            images = visits.left_out().count()
            if options["dry_run"]:
                console.print(f"Images that are in no visit: {images:,}")
                return
            run(console, images)
        except KeyboardInterrupt:
            console.print("Stopped. Run the same command again to go on.")
            raise SystemExit(130) from None
        except DatabaseError as problem:
            environment.fail(database_checks.not_ready(problem))


def run(console: Console, images: int) -> None:
    """Join and merge, with bars for a person."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        joining, joined = progress.add_task("images", total=images), 0
        while number := cameras.visits.join_left_out(visits.BATCH):
            joined += number
            progress.update(joining, completed=joined)
        waiting = visits.stale().count()
        merging = progress.add_task("visits", total=waiting)
        while visits.settle(seconds=1.0):
            progress.update(merging, completed=waiting - visits.stale().count())
    console.print(f"{joined:,} images joined visits; there are {Visit.objects.count():,} now.")
