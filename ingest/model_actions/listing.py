"""`manage.py models list`: the detectors there are."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from rich.console import Console
from rich.filesize import decimal
from rich.table import Table
from rich.text import Text

from detections import catalogue
from detections.catalogue import Entry
from environment import Environment

HELP = "which detectors there are, and which one is chosen"


def arguments(_parser: ArgumentParser) -> None:
    """None."""


def run(env: Environment, _options: dict[str, Any], console: Console) -> None:
    """Print a table, and below it where each lies and what keeps it from being used."""
    table = Table("", "DETECTOR", "family", "precision", "size", "licence", box=None, padding=(0, 2, 0, 0))
    entries = catalogue.entries(env)
    for entry in entries:
        mark = "[green]●[/green]" if entry.chosen else ""
        size = decimal(entry.size) if entry.files else "–"
        table.add_row(mark, Text(entry.name, overflow="fold"), entry.kind or "–", entry.precision, size, entry.licence)
    console.print(table)
    console.print()
    for entry in entries:
        console.print(place(entry), soft_wrap=True)
    console.print("\n● is chosen. Set DETECTOR in .env to another name or path, and start again.", style="dim")


def place(entry: Entry) -> Text:
    """Where an entry's files lie, or what keeps it from being used."""
    if entry.problem:
        return Text(entry.problem, "yellow")
    files = [str(file) for file in entry.files]
    if files == [entry.name]:
        return Text(entry.name)
    name = entry.name if entry.precision == "f32" else f"{entry.name} in {entry.precision}"
    return Text(f"{name}: {', '.join(files)}")
