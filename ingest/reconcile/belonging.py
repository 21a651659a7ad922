"""Whether the folder of images is the one that the database indexes.

A file in the folder and a row of the database hold the same key. A disk that is not mounted, or a DATA_DIR that is
another one, so cannot be taken for a library that has lost its pictures.
"""

from __future__ import annotations

import os
import uuid
from pathlib import Path

import environment
from cameras.models import Installation

MARKER = ".librarian"
MEND = "If this is the right folder all the same: manage.py reconcile --accept."


def marker() -> Path:
    """The file that holds the key."""
    return environment.current().images_dir / MARKER


def problem() -> str:
    """Why the folder is not this database's, and what to do; empty where it is, or neither has a key yet."""
    folder, known = environment.current().images_dir, Installation.objects.first()
    if not folder.is_dir():
        return f"{folder} is not there: is its disk mounted, and DATA_DIR the right one?"
    told = _told()
    if known is None or told == str(known.key):
        return ""
    if told is None:
        return (
            f"{folder} has no file {MARKER}, by which librarian knows its pictures: is the disk mounted, "
            f"and DATA_DIR the right one? {MEND}"
        )
    return (
        f"{folder} belongs to another installation ({told}) than the database ({known.key}): "
        f"look at DATA_DIR and DATABASE_URL. {MEND}"
    )


def accept() -> None:
    """Have folder and database belong together from now on. A database made anew takes the folder's key."""
    told, file = _told(), marker()
    known = Installation.objects.first() or Installation.objects.create(key=_key(told) or uuid.uuid4())
    if told == str(known.key):
        return
    part = file.with_name(f"{MARKER}.{os.getpid()}")
    part.write_text(f"{known.key}\n")
    part.replace(file)


def _told() -> str | None:
    try:
        return marker().read_text(errors="replace").strip()[:64]
    except FileNotFoundError:
        return None


def _key(text: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None
