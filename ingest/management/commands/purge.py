"""`manage.py purge`: what retention removes, shown or done at once."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import Count, Max, Min, QuerySet, Sum
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from cameras.models import Image, Purge
from ingest.going import going
from ingest.interrupts import between_steps
from ingest.retention import purge_slice
from ingest.retention_rules import events_due, visits_due


class Command(BaseCommand):
    """Remove what has to go by the settings, more than RETENTION_SHARE too, once a person has seen how much it is."""

    help = "Shows what retention is about to remove, and removes it; with --dry-run only shows it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Accept --dry-run, --list and --yes."""
        parser.add_argument("--dry-run", action="store_true", help="show what would go, remove nothing")
        parser.add_argument("--list", action="store_true", help="name every picture")
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Show; then, unless it is only to be shown, ask and remove."""
        console = Console(highlight=False, soft_wrap=True)
        due = show(console, paths=options["list"])
        if options["dry_run"] or not due:
            return
        if not options["yes"] and console.input("Remove all of it? Type yes: ").strip().lower() != "yes":
            console.print("Nothing was removed.")
            return
        try:
            remove(console)
        except KeyboardInterrupt:
            console.print("Stopped. What was removed is gone whole; run it again to go on.")
            raise SystemExit(130) from None


def show(console: Console, *, paths: bool) -> bool:
    """What is due, by reason and camera; whether anything is."""
    now, any_due = timezone.now(), False
    table = Table("why", "camera", "pictures", "size", "from", "to", box=None, padding=(0, 2))
    for why, images in going(now):
        facts = {"n": Count("pk"), "size": Sum("bytes"), "first": Min("received_at"), "last": Max("received_at")}
        by_camera = images.order_by().values("camera", "camera__node__name", "camera__view")
        for found in by_camera.annotate(**facts):
            row: dict[str, Any] = dict(found)
            days = [f"{timezone.localtime(row[name]):%Y-%m-%d}" for name in ("first", "last")]
            camera = f"{row['camera__node__name']} {row['camera__view']}".strip()
            table.add_row(why, camera, f"{row['n']:,}", filesizeformat(row["size"]), *days)
            any_due = True
        if paths:
            for path in images.order_by("received_at", "pk").values_list("path", flat=True).iterator():
                console.print(path, markup=False)
    console.print(table)
    others = {what: sum(rows.count() for rows in due) for what, due in others_due(now).items()}
    console.print(", ".join(f"{count:,} {what}" for what, count in others.items()) + ".")
    kept = Image.objects.filter(keep=True).count()
    console.print(f"{kept:,} kept pictures stay, unless nothing else is left to make room.")
    return any_due or any(others.values())


def others_due(now: datetime) -> dict[str, Sequence[QuerySet[Any]]]:
    """What is too old beside pictures."""
    events = [(rows.filter(number=None), rows.exclude(number=None)) for rows in events_due(now)]
    return {
        "events": [one for one, _ in events],
        "readings of sensors": [one for _, one in events],
        "visits without pictures": visits_due(now),
    }


def remove(console: Console) -> None:
    """Remove it, slice by slice."""
    before = totals()
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with between_steps() as stopped, Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task, more = progress.add_task("removing"), True
        while more:
            more = purge_slice(asked=True)
            images, events = (now - then for now, then in zip(totals(), before, strict=True))
            progress.update(task, description=f"{images:,} pictures, {events:,} events removed")
            stopped()
    images, events = (now - then for now, then in zip(totals(), before, strict=True))
    console.print(f"{images:,} pictures and {events:,} events were removed.")


def totals() -> tuple[int, int]:
    """Pictures and events that retention ever removed."""
    found = Purge.objects.aggregate(images=Sum("images"), events=Sum("events"))
    return found["images"] or 0, found["events"] or 0
