"""Tables brought up to date, with a way back: what was there before is kept first, and put back where it fails."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

import environment
from environment import EnvironmentProblem
from ingest import database_checks
from ingest.backup import dumping
from ingest.backup.making import save_site

KEPT = 3
"""So many dumps of the tables stay in DATA_DIR/upgrades."""
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Upgrade:
    """What came of it."""

    steps: int
    """Migrations that ran."""
    kept: Path | None = None
    """Where the tables of before are."""
    fewer: tuple[str, ...] = ()
    """Tables that have fewer rows than before."""


class UpgradeFailed(Exception):
    """It failed, and everything is as it was; its cause says why."""


def upgrade(say: Say) -> Upgrade:
    """Keep the tables, bring them up to date, look at them; put them back where any of that fails or is stopped.

    Raises `UpgradeFailed` after that, and `EnvironmentProblem` where nothing was begun.
    """
    if cut_off := unfinished():
        say(f"An upgrade was cut off: the tables of before are put back from {cut_off}.")
        put_back(cut_off)
    steps = pending()
    if not steps:
        return Upgrade(0)
    kept = keep(say)
    rows = row_counts()
    marker().write_text(kept.name)
    try:
        say(f"{len(steps)} migrations")
        call_command("migrate", interactive=False, verbosity=0)
        check()
    except BaseException as problem:
        say("It failed: the tables of before are put back.")
        put_back(kept)
        raise UpgradeFailed(kept) from problem
    marker().unlink()
    now = row_counts()
    prune()
    return Upgrade(len(steps), kept, tuple(sorted(one for one in rows if now.get(one, rows[one]) < rows[one])))


def pending() -> list[str]:
    """The migrations that have not run; raises `EnvironmentProblem` where tables are newer than this program."""
    executor = MigrationExecutor(connection)
    known = executor.loader.disk_migrations
    apps = {app for app, _ in known}
    newer = sorted(f"{app}.{name}" for app, name in executor.loader.applied_migrations if app in apps)
    newer = [one for one in newer if tuple(one.split(".", 1)) not in known and not _replaced(executor, one)]
    if newer:
        raise EnvironmentProblem(
            f"The tables are of a newer version, which knows {', '.join(newer)}: check that version out again, or go "
            "back with `manage.py upgrade --back`, or restore a backup of this version."
        )
    return [str(migration) for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]


def _replaced(executor: MigrationExecutor, name: str) -> bool:
    return any(tuple(name.split(".", 1)) in one.replaces for one in executor.loader.disk_migrations.values())


def folder() -> Path:
    """Where the tables of before upgrades are kept, by time."""
    return environment.current().data_dir / "upgrades"


def marker() -> Path:
    """The file that says that an upgrade goes on, and which tables are those of before."""
    return environment.current().run_dir / "upgrading"


def unfinished() -> Path | None:
    """The tables of before an upgrade that was cut off, if one was."""
    try:
        return folder() / marker().read_text()
    except FileNotFoundError:
        return None


def keep(say: Say) -> Path:
    """Keep tables, keys, outboxes and settings as they are now; where. Raises `EnvironmentProblem` or `OSError`."""
    kept = folder() / f"{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}"
    part = kept.with_suffix(".part")
    part.mkdir(mode=0o700, parents=True)
    try:
        dumping.dump(part)
        save_site(part)
        (part / "upgrade.json").write_text(json.dumps({"vendor": connection.vendor}))
    except BaseException:
        shutil.rmtree(part)
        raise
    part.rename(kept)
    say(f"The tables of before are kept in {kept}.")
    return kept


def put_back(kept: Path) -> None:
    """Have the database be what was kept. Can be stopped and run again."""
    connection.close()  # it may be in the midst of something
    dumping.clear()
    dumping.load(kept, json.loads((kept / "upgrade.json").read_text())["vendor"])
    marker().unlink(missing_ok=True)


def check() -> None:
    """Raise `EnvironmentProblem` where tables that were brought up to date are not fit for use."""
    found = [one for one in database_checks.check_database(databases=["default"]) if one.is_serious()]
    if found:
        raise EnvironmentProblem("\n".join(f"{one.msg} {one.hint or ''}".strip() for one in found))
    if pending():
        raise EnvironmentProblem(f"Some migrations did not run: {', '.join(pending())}.")
    if connection.vendor == "sqlite":
        connection.check_constraints()
    dumping.counts()  # every table of ours can be read


def row_counts() -> dict[str, int]:
    """Rows of every table that there is."""
    names = connection.introspection.table_names()
    with connection.cursor() as cursor:
        found = {}
        for name in names:
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(name)}")  # noqa: S608
            found[name] = cursor.fetchone()[0]
    return found


def latest() -> Path:
    """The newest tables that were kept; raises `EnvironmentProblem` where there are none."""
    found = sorted(one for one in folder().glob("*Z") if one.is_dir())
    if not found:
        raise EnvironmentProblem(f"{folder()} holds no tables of before an upgrade.")
    return found[-1]


def prune() -> None:
    """Remove all but the newest that were kept, and what was not finished."""
    for old in [*sorted(folder().glob("*Z"))[:-KEPT], *folder().glob("*.part")]:
        shutil.rmtree(old)
