"""`manage.py rollup`: count for the statistics."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from datetime import date, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

import environment
from cameras.days import midnight
from cameras.models import ChangedHour
from ingest import database_checks
from rollups import services
from rollups.models import Ledger
from rollups.spans import LATER_THAN_ALL, next_hour


def day(text: str) -> date:
    """A day such as 2026-11-22."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no day such as 2026-11-22") from None


class Command(BaseCommand):
    """Count what changed, or everything anew; stopped, it goes on when run again."""

    help = "Counts hours that changed, for the statistics, or all of them. Stopped, it goes on when run again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Accept what is to be counted."""
        parser.add_argument("--rebuild", action="store_true", help="count everything anew, the newest days first")
        parser.add_argument("--since", type=day, metavar="DAY", help="with --rebuild: only from this day on")
        parser.add_argument("--anew", action="store_true", help="from the newest day, though a part was done before")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Count, or end with the line that says what is wrong."""
        if (options["since"] or options["anew"]) and not options["rebuild"]:
            raise CommandError("--since and --anew say what to count anew: add --rebuild.")
        console = Console(highlight=False, soft_wrap=True)
        try:
            if options["rebuild"]:
                rebuild(console, options["since"], restart=options["anew"])
            else:
                console.print(f"Counted what {changes(console):,} notes of changes were about.")
        except KeyboardInterrupt:
            console.print("Stopped. Run the same command again to go on; beat goes on too.")
            raise SystemExit(130) from None
        except DatabaseError as problem:
            environment.fail(database_checks.not_ready(problem))


def rebuild(console: Console, first: date | None, *, restart: bool) -> None:
    """Count all days anew, with a bar for a person."""
    since = next_hour(midnight(first)) if first else None
    stopped = services.begin_anew(since, restart=restart)
    if stopped:
        console.print(f"Going on where it was stopped, at {timezone.localtime(stopped):%Y-%m-%d}.")
    newest = services.newest_before(stopped or LATER_THAN_ALL)
    oldest = max(filter(None, (services.oldest(), since)), default=newest)
    total = (newest - oldest).days + 1 if newest and oldest else 0
    counted = 0
    with bar(console) as progress:
        task = progress.add_task("days", total=total)
        while services.count_day():
            counted += 1
            progress.update(task, completed=min(passed(newest), total))
        progress.update(task, completed=total)
    changes(console)
    console.print(f"{counted:,} days with pictures, visits or vehicles were counted.")


def passed(newest: datetime | None) -> int:
    """Days between the newest and how far counting has come."""
    came = Ledger.objects.values_list("counted_from", flat=True).first()
    return (newest - came).days + 1 if newest and came else 0


def changes(console: Console) -> int:
    """Count the hours that changed, with a bar for a person; how many notes there were."""
    counted = 0
    with bar(console) as progress:
        task = progress.add_task("changes", total=ChangedHour.objects.count())
        while number := services.count_changed():
            counted += number
            progress.update(task, advance=number)
    return counted


def bar(console: Console) -> Progress:
    """A bar, shown to a person only."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
