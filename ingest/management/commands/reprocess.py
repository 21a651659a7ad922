"""`manage.py reprocess`: have images looked at anew."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from datetime import date, timedelta
from typing import Any

import redis
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.db.models import QuerySet
from django.utils import timezone
from kombu.exceptions import OperationalError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

import environment
from cameras.days import midnight
from cameras.models import Camera, Image
from cameras.services import known_camera
from ingest import database_checks, pipeline, reprocessing
from ingest.marks import write_mark

STAGES = {stage.queue: stage for stage in pipeline.STAGES}


def day(text: str) -> date:
    """A day such as 2026-11-22."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no day such as 2026-11-22") from None


class Command(BaseCommand):
    """Look at images anew, as fast as workers do that have nothing else to do; stopped, it goes on when run again."""

    help = "Has images looked at anew: objects and number plates. Stopped, it goes on when run again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Accept what selects images."""
        parser.add_argument(
            "--camera", action="append", metavar="NAME", help="only of this camera, such as 'gate Front'"
        )
        parser.add_argument("--since", type=day, dest="first", metavar="DAY", help="only from this day on")
        parser.add_argument("--until", type=day, dest="last", metavar="DAY", help="only up to this day")
        parser.add_argument("--stage", choices=STAGES, help="where to begin: plates leaves the objects as they are")
        parser.add_argument("--failed", action="store_true", help="only where a stage failed, and from that stage on")
        parser.add_argument("--put-off", action="store_true", help="only what was put off because too much waited")
        parser.add_argument("--all", action="store_true", help="all images, which has to be said")
        parser.add_argument("--anew", action="store_true", help="from the beginning, though a part was done before")
        parser.add_argument("--dry-run", action="store_true", help="count, change nothing")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Hand over, or end with the line that says what is wrong."""
        console = Console(highlight=False, soft_wrap=True)
        try:
            run(options, console)
        except KeyboardInterrupt:
            console.print("Stopped. Run the same command again to go on.")
            raise SystemExit(130) from None
        except DatabaseError as problem:
            environment.fail(database_checks.not_ready(problem))
        except (redis.RedisError, OperationalError) as problem:
            environment.fail(f"The broker does not answer: {problem}. Run the same command again to go on.")


def run(options: dict[str, Any], console: Console) -> None:
    """Reprocess what the options select."""
    images = selected(options)
    name = reprocessing.mark_name(
        *(
            options[key]
            for key in ("camera", "first", "last", "failed", "stage", "put_off")
            if options[key] or key != "put_off"
        )
    )
    stage = STAGES[options["stage"] or "detect"]
    if options["anew"]:
        write_mark(name, pipeline.NEVER)
    since = reprocessing.stopped_at(name)
    total = (images.filter(received_at__lte=since) if since else images).count()
    if since:
        console.print(f"Going on where it was stopped, at {timezone.localtime(since):%Y-%m-%d %H:%M:%S}.")
    if options["dry_run"]:
        console.print(f"Images that would be looked at anew: {total:,}")
        return
    done = 0
    with bar(console) as progress:
        task = progress.add_task("looking anew", total=total)
        for number in reprocessing.batches(images, name, failed_only=options["failed"], first=stage):
            done += number
            progress.update(task, advance=number)
    console.print(f"{done:,} images were handed to the workers.")


def selected(options: dict[str, Any]) -> QuerySet[Image]:
    """The images that the options select; raises `CommandError` where they are contradictory or name no camera."""
    narrowed = [options[key] for key in ("camera", "first", "last", "failed", "put_off")]
    if any(narrowed) == options["all"]:
        raise CommandError(
            "Say which images: --camera, --since, --until, --failed, --put-off, or --all without any of these."
        )
    if options["failed"] and options["stage"]:
        raise CommandError("--failed begins at the stage that failed: leave out --stage.")
    images: QuerySet[Image] = Image.objects.all()
    if options["camera"]:
        images = images.filter(camera__in=[camera_named(name) for name in options["camera"]])
    if options["first"]:
        images = images.filter(received_at__gte=midnight(options["first"]))
    if options["last"]:
        images = images.filter(received_at__lt=midnight(options["last"] + timedelta(days=1)))
    if options["put_off"]:
        images = reprocessing.put_off(images)
    return reprocessing.failed(images) if options["failed"] else images


def camera_named(name: str) -> Camera:
    """The camera of that name, as the admin shows it or as a Pi sends it."""
    node, _, view = name.strip().partition(" ")
    camera = known_camera(node, view)
    if camera is None:
        known = ", ".join(f"“{one}”" for one in Camera.objects.select_related("node")) or "none yet"
        raise CommandError(f"There is no camera “{name}”. Known are: {known}.")
    return camera


def bar(console: Console) -> Progress:
    """A bar over all images, shown to a person only."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
