"""A snapshot brought into an empty system; stopped anywhere, it goes on when run again."""

from __future__ import annotations

import shutil
import tarfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection

import environment
from environment import BASE_DIR, EnvironmentProblem
from ingest.backup import dumping
from ingest.backup.making import SETTINGS, SITE
from ingest.backup.pictures import Step, copy
from ingest.backup.place import Place, Snapshot
from ingest.reconcile import belonging

MARKER = "restoring"
MADE_BY_MIGRATE = {"django_migrations", "django_content_type", "auth_permission"}


@dataclass(slots=True)
class Report:
    """What came of a restore."""

    files: int = 0
    damaged: list[str] = field(default_factory=list)
    """Paths whose copy in the backup is gone or is not what it was; nothing was put in their place."""
    counts: dict[str, tuple[int, int, int]] = field(default_factory=dict)
    """By table: fewest and most rows while the snapshot was made, and rows now."""

    @property
    def different(self) -> list[str]:
        """The tables whose counts do not agree."""
        return [table for table, (least, most, now) in self.counts.items() if not least <= now <= most]

    @property
    def whole(self) -> bool:
        """Whether everything came back."""
        return not self.damaged and not self.different


def restore(place: Place, snapshot: Snapshot, step: Step, say: Callable[[str], None]) -> Report:
    """Bring everything back; raises `EnvironmentProblem` where something is in the way."""
    facts = snapshot.facts()
    begin(snapshot)
    say("database")
    dumping.load(snapshot.folder, facts["vendor"])
    call_command("migrate", interactive=False, verbosity=0)
    say("keys and outboxes")
    unpack_site(snapshot, say)
    report = Report()
    bring_pictures(place, snapshot, report, step, say)
    now = dumping.counts()
    report.counts = {table: (least, most, now.get(table, 0)) for table, (least, most) in facts["counts"].items()}
    belonging.accept()
    marker().unlink()
    return report


def marker() -> Path:
    """The file that says that a restore goes on, and of which snapshot."""
    return environment.current().run_dir / MARKER


def begin(snapshot: Snapshot) -> None:
    """Refuse a system that is not empty, unless it holds a part of this restore; mark it."""
    env = environment.current()
    env.run_dir.mkdir(parents=True, exist_ok=True)
    if marker().exists():
        if marker().read_text() != snapshot.name:
            raise EnvironmentProblem(f"A restore of {marker().read_text()} was begun here: finish that one.")
        return
    held = rows_held()
    if held:
        raise EnvironmentProblem(f"The database holds rows, in {', '.join(held)}: restore into an empty one.")
    if env.images_dir.is_dir() and any(env.images_dir.glob("*/*")):
        raise EnvironmentProblem(f"{env.images_dir} holds pictures: restore into an empty DATA_DIR.")
    marker().write_text(snapshot.name)


def rows_held() -> list[str]:
    """The tables of the database that hold rows, but for those that `migrate` fills."""
    tables = sorted(set(connection.introspection.table_names()) - MADE_BY_MIGRATE)
    with connection.cursor() as cursor:
        return [one for one in tables if _first(cursor, one)]


def _first(cursor: Any, table: str) -> bool:
    cursor.execute(f"SELECT 1 FROM {connection.ops.quote_name(table)} LIMIT 1")  # noqa: S608
    return bool(cursor.fetchone())


def unpack_site(snapshot: Snapshot, say: Callable[[str], None]) -> None:
    """Keys, journal and outboxes into DATA_DIR; the settings beside the program, unless there are some."""
    data_dir = environment.current().data_dir
    with tarfile.open(snapshot.folder / SITE) as archive:
        for member in archive:
            if member.name != SETTINGS:
                unpack(archive, member, data_dir / member.name, data_dir)
                continue
            free = not (BASE_DIR / ".env").exists()
            target = BASE_DIR / ".env" if free else data_dir / SETTINGS
            unpack(archive, member, target, target.parent)
            say(f"settings of then are in {target}")


def unpack(archive: tarfile.TarFile, member: tarfile.TarInfo, target: Path, root: Path) -> None:
    """Write a file of the archive, for its owner alone; raises `EnvironmentProblem` where it would lie outside `root`.

    Debian 12's Python has no extraction filters yet. Folders are made as their files need them; links are not made.
    """
    if not target.resolve().is_relative_to(root.resolve()):
        raise EnvironmentProblem(f"The backup holds {member.name!r}, which leads out of {root}: it was tampered with.")
    content = archive.extractfile(member) if member.isfile() else None
    if content is None:
        return
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.part")
    part.touch(mode=0o600)
    with content, part.open("wb") as file:
        shutil.copyfileobj(content, file)
    part.rename(target)


def bring_pictures(place: Place, snapshot: Snapshot, report: Report, step: Step, say: Callable[[str], None]) -> None:
    """Copy every picture that is not there yet, and compare each with its hash."""
    root, day, known = environment.current().data_dir, "", {}
    for path in snapshot.files():
        if path.rpartition("/")[0] != day:
            day = path.rpartition("/")[0]
            known = place.hashes(day)
            say(day)
            (root / day).mkdir(parents=True, exist_ok=True)
        digest, size = known.get(path, ("", 0))
        target = root / path
        try:
            if not target.exists() and copy(place.folder / path, target)[0] != digest:
                target.unlink()
                raise OSError("not what it was")
        except OSError:
            report.damaged.append(path)
        else:
            report.files += 1
        step(size)
