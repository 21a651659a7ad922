"""`manage.py reconcile`: the folder of images compared with the index, both ways."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError
from django.utils import timezone
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

import environment
from cameras.models import Depth, Fault, FileFault, Reconciliation, ReconciliationState
from ingest import database_checks
from ingest.interrupts import between_steps
from ingest.reconcile.running import Busy, alone, begin, work

TOLD = {
    "rows": "pictures compared",
    "registered": "files registered that the index did not know",
    "republished": "messages of outboxes that had not arrived, on their way again",
    "missing": "pictures newly found missing",
    "back": "pictures whose file has come back",
    "faulty": "files newly found to differ, or unknown",
    "mended": "faults that are gone",
    "hashed": "hashes noted for the first time",
}
SHOWN = 10


class Command(BaseCommand):
    """Compare all files with all rows; stopped, it goes on where it was when run again."""

    help = "Compares files and index both ways. Registers what is unknown, marks what is missing, deletes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Accept how closely to look."""
        parser.add_argument("--sizes", action="store_true", help="compare the sizes of files too")
        parser.add_argument("--hashes", action="store_true", help="read every file: compare SHA-256, find cut off ones")
        parser.add_argument("--anew", action="store_true", help="from the beginning, though a part was done before")
        parser.add_argument(
            "--accept", action="store_true", help="the folder is the right one, and what is missing is missing"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Compare; exit status 2 with the reason where that is refused."""
        console = Console(highlight=False, soft_wrap=True)
        depth = Depth.HASHES if options["hashes"] else Depth.SIZES if options["sizes"] else Depth.NAMES
        try:
            with alone():
                run = begin(depth, by_hand=True, anew=options["anew"])
                compare(run, console, accept=options["accept"])
        except Busy as problem:
            environment.fail(f"{problem} Wait for its end, or look at Admin, Reconciliations.")
        except DatabaseError as problem:
            environment.fail(database_checks.not_ready(problem))
        if run.state == ReconciliationState.REFUSED:
            environment.fail(run.text)
        show(run, console)


def compare(run: Reconciliation, console: Console, *, accept: bool) -> None:
    """Do the run with a bar; Ctrl-C leaves it to be gone on with."""
    if run.place:
        console.print(f"Going on at {run.place}, where it was at {timezone.localtime(run.worked_at):%Y-%m-%d %H:%M}.")
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    shown = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
    try:
        with between_steps() as stopped, shown as progress:
            task = progress.add_task("comparing", total=run.total, completed=run.rows)
            for _ in work(run, accept=accept):
                progress.update(task, completed=run.rows, description=run.place.strip("/"))
                stopped()
    except KeyboardInterrupt:
        run.state = ReconciliationState.STOPPED
        run.save()
        console.print(f"Stopped after {run.rows:,} pictures. Run the same command again to go on.")
        raise SystemExit(130) from None


def show(run: Reconciliation, console: Console) -> None:
    """What came of it, and what is wrong now."""
    for name, text in TOLD.items():
        if getattr(run, name) or name == "rows":
            console.print(f"{getattr(run, name):>10,} {text}")
    if run.text:
        console.print(run.text)
    for kind in Fault:
        faults = FileFault.objects.filter(kind=kind)
        count = faults.count()
        if count:
            console.print(f"{kind.label}: {count:,}")
        for fault in faults[:SHOWN] if count else ():
            console.print(f"    {fault.path}  {fault.text}", markup=False)
    if FileFault.objects.exists():
        console.print("All of them, and what to do: the page “Library check” (staff), or docs/reconcile.md.")
    else:
        console.print("Every picture is as it should be.")
