"""`manage.py backup FOLDER`: a copy of everything that cannot be made again."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

import environment
from environment import EnvironmentProblem
from ingest.backup.making import make, prune
from ingest.backup.pictures import days, files, verify_day
from ingest.backup.place import Place
from ingest.interrupts import between_steps


class Command(BaseCommand):
    """Copy database, settings and pictures; pictures that the folder has already are not copied again."""

    help = "Copies database, settings and pictures into a folder; what it has already is not copied again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Accept the folder, --keep and --verify."""
        parser.add_argument("folder", type=Path, help="on another disk, better on another machine; made if missing")
        parser.add_argument("--keep", type=int, metavar="N", help="afterwards keep the newest N snapshots only")
        parser.add_argument(
            "--verify", action="store_true", help="compare every copied file with its hash; copy nothing"
        )

    def handle(self, *_args: Any, folder: Path, keep: int | None, verify: bool, **_options: Any) -> None:
        """Back up, or end with the line that says what is in the way; exit status 1 where copies are damaged."""
        console, place = Console(highlight=False, soft_wrap=True), Place(folder.absolute())
        if keep is not None and keep < 1:
            raise CommandError(f"--keep {keep}: one snapshot at least has to stay.")
        try:
            if verify:
                check(place, console)
                return
            back_up(place, console)
            if keep:
                gone, removed = prune(place, keep)
                console.print(f"Removed {len(gone)} old snapshots and {removed:,} files that only they had.")
        except KeyboardInterrupt:
            console.print("Stopped. Run the same command again to go on.")
            raise SystemExit(130) from None
        except EnvironmentProblem as problem:
            environment.fail(str(problem))
        except OSError as problem:
            environment.fail(f"{problem}. What was copied stays; run the same command again to go on.")


def back_up(place: Place, console: Console) -> None:
    """Make a snapshot, with a bar over the bytes."""
    root = environment.current().data_dir
    with between_steps() as stopped, bar(console) as progress:
        total = sum(sum(files(root, day).values()) for day in days(root))
        task = progress.add_task("pictures", total=total)

        def step(size: int) -> None:
            progress.advance(task, size)
            stopped()

        snapshot = make(place, step, lambda what: progress.update(task, description=what))
    facts = snapshot.facts()
    rows = sum(most for _, most in facts["counts"].values())
    console.print(f"{snapshot.folder}: {rows:,} rows, {facts['files']:,} pictures and thumbnails.")


def check(place: Place, console: Console) -> None:
    """Compare every copy with its hash."""
    place.check()
    known = place.hashed_days()
    damaged: list[str] = []
    with between_steps() as stopped, bar(console) as progress:
        task = progress.add_task(
            "verifying", total=sum(size for day in known for _, size in place.hashes(day).values())
        )

        def step(size: int) -> None:
            progress.advance(task, size)
            stopped()

        for day in known:
            damaged += verify_day(place, day, step)
        for snapshot in place.snapshots():
            progress.update(task, description=snapshot.name)
            snapshot.check()
    for path in damaged:
        console.print(f"[red]{path} is damaged[/red]; run the backup again to have it copied anew", markup=True)
    console.print(f"{len(damaged)} damaged copies in {len(known)} folders, {len(place.snapshots())} snapshots.")
    if damaged:
        raise SystemExit(1)


def bar(console: Console) -> Progress:
    """A bar over all bytes, shown to a person only."""
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
