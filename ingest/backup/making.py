"""A snapshot made, and old ones pruned."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path

import django
from django.db import connection

import environment
from environment import BASE_DIR
from ingest.backup import dumping
from ingest.backup.pictures import Step, copy_day, days
from ingest.backup.place import Place, Snapshot
from ingest.outboxes import outbox_files

SITE_FILES = ("secret_key", "flower_password", "channel_key", "curve", "logs/imagehub.log*")
"""What DATA_DIR holds beside pictures, database and outboxes that cannot be made again."""
SITE = "site.tar.gz"
SETTINGS = "settings.env"


def make(place: Place, step: Step, say: Callable[[str], None]) -> Snapshot:
    """Make a snapshot; one that is stopped leaves the pictures that it copied, and the next one goes on from there."""
    place.make()
    unfinished = place.unfinished()
    before = dumping.counts()
    say("database")
    dumping.dump(unfinished)
    after = dumping.counts()
    save_site(unfinished)
    paths = []
    for day in days(environment.current().data_dir):
        say(day)
        paths += copy_day(place, day, step)
    with gzip.open(unfinished / "files.txt.gz", "wt", encoding="utf-8") as lines:
        lines.writelines(f"{path}\n" for path in paths)
    facts = {
        "vendor": connection.vendor,
        "django": django.get_version(),
        "counts": {table: sorted((before[table], after[table])) for table in after},
        "files": len(paths),
    }
    (unfinished / "snapshot.json").write_text(json.dumps(facts, indent=1))
    os.sync()  # everything is on the disk before the name says that it is
    finished = unfinished.with_suffix("")
    unfinished.rename(finished)
    return Snapshot(finished)


def save_site(folder: Path) -> None:
    """Keys, the journal of events, outboxes and `.env`, into one archive for its owner alone."""
    env = environment.current()
    with tarfile.open(folder / SITE, "w:gz", compresslevel=1) as archive:
        for pattern in SITE_FILES:
            for found in sorted(env.data_dir.glob(pattern)):
                archive.add(found, str(found.relative_to(env.data_dir)))
        for outbox in outbox_files():
            with dumping.sqlite_copy(outbox, folder) as copy:
                archive.add(copy, str(outbox.relative_to(env.data_dir)))
        if (BASE_DIR / ".env").is_file():
            archive.add(BASE_DIR / ".env", SETTINGS)
    (folder / SITE).chmod(0o600)


def prune(place: Place, keep: int) -> tuple[list[str], int]:
    """Keep the newest so many snapshots, at least one, and their files; which snapshots and how many files went."""
    place.check()
    snapshots = place.snapshots()
    gone = snapshots[: -max(1, keep)]
    for leftover in place.snapshots_dir.glob("*.part"):
        shutil.rmtree(leftover)
    for snapshot in gone:
        shutil.rmtree(snapshot.folder)
    wanted = {path for snapshot in place.snapshots() for path in snapshot.files()}
    removed = sum(_prune_day(place, day, wanted) for day in place.hashed_days()) if gone else 0
    return [one.name for one in gone], removed


def _prune_day(place: Place, day: str, wanted: set[str]) -> int:
    known = place.hashes(day)
    unwanted = known.keys() - wanted
    if not unwanted:
        return 0
    place.forget(day, unwanted)  # first, so that a copy without its hash is the worst that can be left
    for path in unwanted:
        (place.folder / path).unlink(missing_ok=True)
    if not place.hashes(day):
        place.hash_file(day).unlink()
        shutil.rmtree(place.folder / day)
    return len(unwanted)
