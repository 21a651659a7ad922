"""`manage.py doctor`: what is wrong, and how to mend it."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand
from rich.console import Console
from rich.markup import escape

from ingest.doctor import CHECKS, examine

MARKS = {"ok": "[green]✓[/green]", "warning": "[yellow]![/yellow]", "error": "[red]✗[/red]"}


class Command(BaseCommand):
    """Check everything that a person who helps would ask for; exit status 1 where something is wrong."""

    help = "Checks everything that a person who helps would ask for, and says how to mend what is wrong."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Accept --json."""
        parser.add_argument("--json", action="store_true", help="one JSON object on standard output")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print what is found, as it is found."""
        console = Console(soft_wrap=True, highlight=False)
        found = {}
        for name in CHECKS:
            found[name] = examine(name)
            if not options["json"]:
                for one in found[name]:
                    console.print(f"{MARKS[one.state]} {name}: {escape(one.text)}")
                    if one.mend:
                        console.print(f"    [dim]{escape(one.mend)}[/dim]")
        if options["json"]:
            told = {name: [asdict(one) for one in findings] for name, findings in found.items()}
            self.stdout.write(json.dumps(told))
        if any(one.state == "error" for findings in found.values() for one in findings):
            raise SystemExit(1)
