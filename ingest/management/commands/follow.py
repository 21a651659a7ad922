"""`manage.py follow ID`: every log line about one picture or event."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand
from django.db import Error

import environment
from cameras.models import Image
from ingest.following import follow


def identity(text: str) -> UUID | int:
    """A message id or the number of an image."""
    try:
        return int(text) if text.isdecimal() else UUID(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is neither a message id nor the number of an image") from None


class Command(BaseCommand):
    """Print what all processes wrote about one picture, in the order of time."""

    help = "Prints every log line about one picture or event, in the order of time."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Accept the id."""
        parser.add_argument("id", type=identity, metavar="ID", help="a message id, or the number of an image")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print the lines; exit status 1 where there are none."""
        env, wanted = environment.current(), options["id"]
        messages, images = other_ids(wanted)
        found = follow(env.logs_dir, env.zone, messages, images)
        for entry in found:
            self.stdout.write(entry.text, ending="" if entry.text.endswith("\n") else "\n")
        if not found:
            self.stderr.write(
                f"Nothing in {env.logs_dir} is about {wanted}: it may be mistyped, or older than the logs."
            )
            raise SystemExit(1)


def other_ids(wanted: UUID | int) -> tuple[set[str], set[int]]:
    """Both ids of a picture, as far as the index knows them; without the index, the lines themselves tie them."""
    known = {"message_id": wanted} if isinstance(wanted, UUID) else {"pk": wanted}
    try:
        rows = list(Image.objects.filter(**known).values_list("message_id", "pk"))
    except Error:
        rows = []
    messages = {str(message) for message, _ in rows if message}
    images = {image for _, image in rows}
    return (messages | {str(wanted)}, images) if isinstance(wanted, UUID) else (messages, images | {wanted})
