"""`manage.py upgrade`: the tables brought up to date, or left as they were; `make upgrade` calls it."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError
from rich.console import Console

import environment
from environment import EnvironmentProblem
from ingest.backup import upgrading
from ingest.database_checks import not_ready
from ingest.receiver_state import receiver_state
from ingest.up.prepare import check_database
from ingest.up.stack import lock_folder


class Command(BaseCommand):
    """Keep the tables, migrate, check; put everything back where that fails."""

    help = "Brings the tables up to date after `git pull`; should that fail, they are put back as they were."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Accept --back."""
        parser.add_argument("--back", action="store_true", help="put back the tables of before the last upgrade")

    def handle(self, *_args: Any, back: bool, **_options: Any) -> None:
        """Upgrade, or end with the line that says what is in the way; exit status 1 where it was rolled back."""
        console = Console(highlight=False, soft_wrap=True)
        try:
            lock = stopped()  # noqa: F841  held until this process ends
            check_database()
            if back:
                go_back(console)
            else:
                tell(upgrading.upgrade(console.print), console)
        except upgrading.UpgradeFailed as failed:
            why = failed.__cause__
            if isinstance(why, KeyboardInterrupt):
                console.print("Stopped. Everything is as it was.")
                raise SystemExit(130) from None
            console.print(f"[red]The upgrade failed:[/red] {type(why).__name__}: {why}", markup=True)
            console.print(
                "The tables are as they were. `git checkout ORIG_HEAD && make run` goes on with the version before."
            )
            raise SystemExit(1) from None
        except EnvironmentProblem as problem:
            environment.fail(str(problem))
        except DatabaseError as problem:
            environment.fail(not_ready(problem))
        except OSError as problem:
            environment.fail(f"{problem}. Nothing was changed.")


def stopped() -> int:
    """Take the data folder; raises `EnvironmentProblem` while librarian runs on it."""
    env = environment.current()
    try:
        lock = lock_folder(env)
    except EnvironmentProblem as problem:
        raise EnvironmentProblem(
            f"{problem} Stop it first: Ctrl-C where it runs, or systemctl stop librarian."
        ) from None
    if receiver_state()["alive"]:
        raise EnvironmentProblem(f"A receiver runs on {env.data_dir}. Stop all of librarian's services first.")
    return lock


def tell(done: upgrading.Upgrade, console: Console) -> None:
    """Say what was done."""
    if not done.steps:
        console.print("The tables are up to date. Start it with `make run`.")
        return
    for table in done.fewer:
        console.print(f"[yellow]{table} has fewer rows than before[/yellow]; look at what the migrations say of it.")
    console.print(
        f"[green]✓[/green] {done.steps} migrations ran, and the tables were checked. Start it with `make run`."
    )
    console.print("Should you want to go back: `git checkout` of the version before, `manage.py upgrade --back`.")


def go_back(console: Console) -> None:
    """Put the tables of before the last upgrade back, after those of now are kept."""
    before = upgrading.unfinished() or upgrading.latest()
    if not upgrading.unfinished():
        upgrading.keep(console.print)
    upgrading.put_back(before)
    console.print(f"[green]✓[/green] The tables are those of {before.name} again. Start that version with `make run`.")
