"""What the index does not know: files without a row, and messages of outboxes that never arrived."""

from __future__ import annotations

import logging
import stat
import time
from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import redis
from django.db import DatabaseError
from django.utils import timezone

import environment
from cameras.models import Image, Reconciliation
from ingest import folder as day_folder
from ingest import pipeline, queues, sweep
from ingest.outboxes import all_opened, outbox_files
from ingest.reconcile import faults
from ingest.reconcile.looking import readable
from receiver.outbox import Outbox

log = logging.getLogger(__name__)

BATCH = 200


def republish(run: Reconciliation) -> None:
    """Have everything that outboxes hold as published and that the index lacks published again; counted in the run."""
    try:
        broker = queues.snapshot()
    except redis.RedisError as problem:
        run.text = f"Outboxes were not compared: the broker does not answer ({problem})."[:500]
        log.warning("%s", run.text)
        return
    before = broker.left_before("ingest", timezone.now() - pipeline.SETTLED)
    for file in outbox_files():
        begin = datetime.fromtimestamp(0, UTC)
        run.republished += sweep.republish_missing(file, begin, before, broker.messages_in_hand)[0]


def take_in(folder: str, names: Collection[str], run: Reconciliation) -> Iterator[None]:
    """Register those files of a folder that the index does not know, and list what is no picture of librarian.

    A batch at each step, counted in the run, which says up to where.
    """
    left = iter(sorted(name for name in names if readable(name)[:255] > run.file))
    is_day = bool(day_folder.DAY.fullmatch(folder.rpartition("/")[2])) and folder.count("/") == 1
    with all_opened() as outboxes:
        while batch := list(islice(left, BATCH)):
            paths = {f"{folder}/{name}": name for name in batch}
            known = set(
                Image.objects.filter(path__in=[readable(path) for path in paths]).values_list("path", flat=True)
            )
            for path in paths.keys() - known:
                why = strange(environment.current().data_dir / path, is_day)
                if why is None:
                    run.registered += register(path, outboxes)
                elif why:
                    faults.list_stranger(run, readable(path), why)
            run.file = readable(batch[-1])[:255]
            yield
    faults.forget_strangers(run, folder, names)


def strange(file: Path, is_day: bool) -> str | None:
    """Why a file is none that librarian would register; empty where it is too young to tell, None where it is not."""
    try:
        facts = file.lstat()
    except OSError:  # it went meanwhile
        return ""
    if facts.st_mtime > time.time() - day_folder.MIN_AGE_SECONDS:
        return ""
    if stat.S_ISLNK(facts.st_mode):
        return f"a link to {readable(str(file.readlink()))}"
    if stat.S_ISDIR(facts.st_mode):
        return "a folder"
    if not is_day:
        return "not in the folder of a day"
    return None if file.suffix == ".jpg" and stat.S_ISREG(facts.st_mode) else "not a .jpg"


def register(path: str, outboxes: list[Outbox]) -> bool:
    """Register one file, or remove one that was purged; whether it is indexed now."""
    try:
        day_folder.register_file(environment.current().data_dir / path, path, outboxes)
        return Image.objects.filter(path=path).exists()
    except (OSError, ValueError, DatabaseError):
        log.exception("%r cannot be registered", path)  # the others can
        return False
