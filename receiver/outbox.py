"""The outbox: one durable row for each stored message, until the broker has had it for two days.

The receiver appends and publishes. A sweep in another process may open the same file, compare it with the index and
the folder, and ask for records to be published again.
"""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeAlias

SCHEMA = """
CREATE TABLE IF NOT EXISTS message (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, path TEXT, stored_at REAL NOT NULL, published_at REAL,
    payload TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS message_published_at ON message (published_at);
CREATE INDEX IF NOT EXISTS message_path ON message (path) WHERE path IS NOT NULL;
CREATE TABLE IF NOT EXISTS journal (only INTEGER PRIMARY KEY CHECK (only = 1), file INTEGER, byte INTEGER);
"""
PAGE = 500
KEEP_PUBLISHED_SECONDS = 2 * 24 * 3600
BUSY_SECONDS = 5.0
Position: TypeAlias = tuple[int, int]
"""Up to where the journal was read: the number of a file, and how many of its bytes."""


@dataclass(frozen=True, slots=True)
class Record:
    """One stored message. `payload` is what the task gets; `published_at` is None until the broker took it."""

    id: str
    payload: dict[str, Any]
    published_at: datetime | None


class Outbox:
    """An outbox file, `DATA_DIR/outbox/RECEIVER_ID.sqlite3`, made when missing. Safe to share between threads.

    A write may be undone by a power cut, never by a crash; what must not be is in the journal until `checkpoint`.
    Methods raise sqlite3.OperationalError when the disk is full or another process holds the file for five seconds.
    """

    def __init__(self, path: Path) -> None:
        self._lock = threading.RLock()
        self._db = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.executescript(SCHEMA)

    def append(self, payloads: Sequence[Mapping[str, Any]], position: Position | None = None) -> None:
        """Store records that are not here yet, and up to where the journal was read, in one transaction.

        Each payload holds at least `id`.
        """
        rows = [(p["id"], p.get("path"), _stored_at(p), json.dumps(p, ensure_ascii=False)) for p in payloads]
        with self._transaction():
            self._db.executemany("INSERT OR IGNORE INTO message (id, path, stored_at, payload) VALUES (?,?,?,?)", rows)
            if position:
                self._db.execute("INSERT OR REPLACE INTO journal (only, file, byte) VALUES (1, ?, ?)", position)

    def position(self) -> Position | None:
        """Up to where the journal was read; None for a new outbox."""
        with self._lock:
            row = self._db.execute("SELECT file, byte FROM journal").fetchone()
        return (row["file"], row["byte"]) if row else None

    def unpublished(self, limit: int = PAGE) -> list[Record]:
        """The oldest records that the broker does not have, in the order in which they were stored."""
        return self._records("published_at IS NULL ORDER BY seq LIMIT ?", (limit,))

    def mark_published(self, ids: Iterable[str]) -> None:
        """Note that the broker has these records."""
        now = time.time()
        with self._transaction():
            self._db.executemany("UPDATE message SET published_at = ? WHERE id = ?", [(now, i) for i in ids])

    def published(
        self, since: datetime | None = None, before: datetime | None = None, page: int = PAGE
    ) -> Iterator[list[Record]]:
        """Pages of records published in [since, before), in the order of publishing; both times are aware.

        What is published again between two pages is not met twice.
        """
        first, end = since.timestamp() if since else 0.0, before.timestamp() if before else float("inf")
        condition = "published_at < ? AND (published_at, seq) > (?, ?) ORDER BY published_at, seq LIMIT ?"
        at, seq = first, -1
        while rows := self._rows(condition, (end, at, seq, page)):
            yield [_record(row) for row in rows]
            at, seq = rows[-1]["published_at"], rows[-1]["seq"]

    def republish(self, ids: Iterable[str]) -> int:
        """Have the receiver publish these records again; returns how many of them the outbox holds."""
        with self._transaction():
            changed = self._db.executemany("UPDATE message SET published_at = NULL WHERE id = ?", [(i,) for i in ids])
            return changed.rowcount

    def find_path(self, path: str) -> Record | None:
        """The record of a picture by its path relative to DATA_DIR."""
        return next(iter(self._records("path = ? LIMIT 1", (path,))), None)

    def has_path(self, path: str) -> bool:
        """Whether a picture, by its path relative to DATA_DIR, has a record here."""
        return self.find_path(path) is not None

    def depth(self) -> int:
        """How many records the broker does not have yet."""
        return int(self._one("SELECT count(*) FROM message WHERE published_at IS NULL"))

    def oldest_unpublished_age(self) -> float | None:
        """Seconds since the oldest unpublished record was stored; None when there is none."""
        stored_at = self._one("SELECT stored_at FROM message WHERE published_at IS NULL ORDER BY seq LIMIT 1")
        return None if stored_at is None else max(0.0, time.time() - stored_at)

    def purge(self, older_than_seconds: float = KEEP_PUBLISHED_SECONDS, limit: int = PAGE) -> int:
        """Delete up to `limit` records that were published longer ago; returns how many."""
        with self._transaction():
            return self._db.execute(
                "DELETE FROM message WHERE seq IN (SELECT seq FROM message WHERE published_at < ? LIMIT ?)",
                (time.time() - older_than_seconds, limit),
            ).rowcount

    def checkpoint(self) -> bool:
        """Have everything on disk that was written before; whether that was possible, since a reader can hold it up."""
        with self._lock:
            busy, written, moved = self._db.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        return not busy and written == moved

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            finally:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")

    def _records(self, condition: str, values: tuple[object, ...]) -> list[Record]:
        return [_record(row) for row in self._rows(condition, values)]

    def _rows(self, condition: str, values: tuple[object, ...]) -> list[sqlite3.Row]:
        query = f"SELECT seq, id, payload, published_at FROM message WHERE {condition}"  # noqa: S608  conditions are ours
        with self._lock:
            return self._db.execute(query, values).fetchall()

    def _one(self, query: str) -> Any:
        with self._lock:
            row = self._db.execute(query).fetchone()
        return None if row is None else row[0]


def _stored_at(payload: Mapping[str, Any]) -> float:
    """A record is brought here a moment after its message came, or long after, when the disk was full."""
    at = payload.get("received_at")
    return datetime.fromisoformat(at).timestamp() if at else time.time()


def _record(row: sqlite3.Row) -> Record:
    at = row["published_at"]
    return Record(row["id"], json.loads(row["payload"]), None if at is None else datetime.fromtimestamp(at, UTC))
