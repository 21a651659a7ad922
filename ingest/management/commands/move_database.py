"""`manage.py move_database URL`: bring a site from its SQLite file to MariaDB."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DEFAULT_DB_ALIAS
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model
from django.db.utils import DatabaseError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

import environment
from environment import EnvironmentProblem
from ingest import move_target, moving
from ingest.interrupts import between_steps
from ingest.up.stack import lock_folder

Counts = dict[str, tuple[int, int]]
"""By table: rows here, rows over there."""


class Command(BaseCommand):
    """Copy everything to an empty database; the SQLite file stays as it is."""

    help = "Copies everything from the SQLite file to an empty MariaDB or MySQL. Stopped, it goes on when run again."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Accept the new address and --dry-run."""
        parser.add_argument("url", metavar="URL", help="the new DATABASE_URL, mysql://user:password@host:port/name")
        parser.add_argument("--dry-run", action="store_true", help="check both sides and count, change nothing")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Move, or end with the line that says what is in the way; exit status 1 where the counts differ."""
        console = Console(highlight=False, soft_wrap=True)
        try:
            if options["dry_run"]:
                rehearse(options["url"], console)
            else:
                move(options["url"], console)
        except KeyboardInterrupt:
            console.print("Stopped. Run the same command again to go on.")
            raise SystemExit(130) from None
        except EnvironmentProblem as problem:
            environment.fail(str(problem))
        except DatabaseError as problem:
            environment.fail(f"The databases could not be compared: {problem}. Run the same command again to go on.")


def rehearse(url: str, console: Console) -> None:
    """Say what a move would do."""
    moving.source()
    target = move_target.connect(url)
    goes_on = bool(move_target.moving_from(target))
    if not goes_on:
        move_target.refuse_foreign_rows(target)
    table = Table("table", "rows", box=None, padding=(0, 2))
    for model in moving.models():
        table.add_row(model._meta.db_table, f"{moving.count(model, DEFAULT_DB_ALIAS):,}")
    console.print(table)
    console.print(
        "The new database " + ("holds a part of this move." if goes_on else "is ready.") + " Nothing was changed."
    )


def move(url: str, console: Console) -> None:
    """Copy everything, compare, and say what to do next."""
    env = environment.current()
    lock = lock_folder(env)  # noqa: F841  held until this process ends: nothing else may write meanwhile
    source = moving.source()
    state = moving.state(source)
    target = move_target.connect(url)
    goes_on = move_target.prepare(target, state)
    console.print("Going on where the last move stopped." if goes_on else "Tables are ready.")
    tables = moving.models()
    with between_steps() as check, bar(console) as progress:
        task = progress.add_task("copying", total=sum(moving.count(model, DEFAULT_DB_ALIAS) for model in tables))

        def advance(model: type[Model], rows: int) -> None:
            progress.update(task, advance=rows, description=model._meta.db_table)
            check()

        moving.copy_all(tables, advance)
    finish(url, target, {one._meta.db_table: both(one) for one in tables}, console)


def both(model: type[Model]) -> tuple[int, int]:
    """How many rows a table has here and over there."""
    return moving.count(model, DEFAULT_DB_ALIAS), moving.count(model, move_target.TARGET)


def finish(url: str, target: BaseDatabaseWrapper, counts: Counts, console: Console) -> None:
    """Show the counts; end the move where they agree."""
    table = Table("table", "before", "after", box=None, padding=(0, 2))
    for name, (before, after) in counts.items():
        table.add_row(name, f"{before:,}", f"{after:,}", style="" if before == after else "bold red")
    console.print(table)
    different = [name for name, (before, after) in counts.items() if before != after]
    if different:
        console.print(f"[red]The counts of {', '.join(different)} differ: do not use the new database.[/red]")
        raise SystemExit(1)
    move_target.finish(target)
    console.print("Everything was moved. Put this line into .env, then `make run`:")
    console.print(f"DATABASE_URL='{url}'", markup=False)
    console.print("The SQLite file stays as it is; remove it when the site runs well.")


def bar(console: Console) -> Progress:
    """A bar over all rows, shown to a person only."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
