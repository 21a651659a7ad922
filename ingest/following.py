"""The way of one picture or event through the logs of all processes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

BEGIN = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}) [A-Z]+ \S+ (?:\[(?:message=(\S+?))?(?: ?image=(\d+))?\] )?")


class Entry(NamedTuple):
    """What one event left in a log: a line, and the further ones of a trace."""

    at: datetime
    message: str | None
    image: int | None
    text: str


def follow(folder: Path, zone: ZoneInfo, messages: set[str], images: set[int]) -> list[Entry]:
    """Every entry that carries one of these ids, in the order of time.

    An entry with both ids makes them one picture, so that its other id is looked for as well.
    """
    found = [entry for file in files(folder) for entry in entries(file, zone, messages, images)]
    all_messages = messages | {entry.message for entry in found if entry.message}
    all_images = images | {entry.image for entry in found if entry.image is not None}
    if (all_messages, all_images) != (messages, images):
        return follow(folder, zone, all_messages, all_images)
    return sorted(found, key=lambda entry: entry.at)


def files(folder: Path) -> list[Path]:
    """The logs of all processes, older parts of each before newer ones, since a millisecond may hold several lines."""

    def order(file: Path) -> tuple[str, int]:
        name, _, number = file.name.rpartition(".log")
        return name, -int(number[1:]) if number[1:].isdecimal() else 0

    return sorted(folder.glob("*.log*"), key=order)


def entries(file: Path, zone: ZoneInfo, messages: set[str], images: set[int]) -> Iterator[Entry]:
    """The entries of a log file, in either format, that carry one of the ids."""
    # Most lines are about something else: looking for these texts first is much faster than reading every line.
    marks = [*messages, *(mark for image in images for mark in (f"image={image}]", f'"image_id": {image},'))]
    entry: Entry | None = None
    with file.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            if entry and line.startswith("  "):
                entry = entry._replace(text=entry.text + line)
                continue
            if entry:
                yield entry
            entry = parse(line, zone) if any(mark in line for mark in marks) else None
    if entry:
        yield entry


def parse(line: str, zone: ZoneInfo) -> Entry | None:
    """The entry that a line begins; None where another program wrote it."""
    with suppress(ValueError, KeyError, TypeError):
        if line.startswith("{"):
            fields = json.loads(line)
            return Entry(datetime.fromisoformat(fields["time"]), fields.get("message_id"), fields.get("image_id"), line)
        if begin := BEGIN.match(line):
            at = datetime.strptime(begin[1], "%Y-%m-%d %H:%M:%S,%f").replace(tzinfo=zone)
            return Entry(at, begin[2], int(begin[3]) if begin[3] else None, line)
    return None
