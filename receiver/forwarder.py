"""The thread that hands outbox records to the broker. Storing never waits for it."""

from __future__ import annotations

import json
import logging
import sqlite3
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import broker_url
from receiver.broker import BROKER_ERRORS, Broker
from receiver.journal import Journal
from receiver.outbox import Outbox

log = logging.getLogger("receiver")
PAGE = 50
REST_SHARE = 12  # a page takes some 6 ms, so this still publishes several hundred a second
GATHER_SECONDS = 0.05  # a moment for more records to come, so that one round trip serves many
LOOK_SECONDS = 2.0  # how soon records are found that another process wants published again
PING_SECONDS = 5.0
COUNT_SECONDS = 1.0
PURGE_SECONDS = 600.0
TIDY_SECONDS = 60.0
RETIRE_SECONDS = 3600.0
ABSORBED_AT_ONCE = 500
WAITS = (0.1, 0.5, 1.0, 2.0)


class Forwarder(threading.Thread):
    """Publishes what is unpublished, in order, until `stop`; calls `changed` when the broker comes or goes."""

    def __init__(
        self, data_dir: Path, outbox_path: Path, journal: Journal, broker: Broker, changed: Callable[[], None]
    ) -> None:
        super().__init__(name="forwarder", daemon=True)
        self._outbox, self._journal, self._data_dir = Outbox(outbox_path), journal, data_dir
        self._broker, self._changed = broker, changed
        self._more, self._stopping = threading.Event(), threading.Event()
        self._connected: bool | None = None
        self._since = _now()
        self._failures = 0
        self._page_seconds = 0.0
        self._depth: dict[str, Any] = {"unpublished": 0, "oldest_age_seconds": None}
        self._due: dict[Callable[[], object], float] = {}

    def notice(self) -> None:
        """Say that there is more to publish; from any thread, costs nothing."""
        self._more.set()

    def stop(self, patience: float = 2.0) -> None:
        """Finish the page in hand and end; a broker that hangs is not waited for longer than `patience` seconds."""
        self._stopping.set()
        self._more.set()
        self.join(patience)

    def state(self) -> dict[str, Any]:
        """The `outbox` and `broker` parts of the receiver's status; from any thread."""
        return {"outbox": self._depth, "broker": {"connected": bool(self._connected), "since": self._since}}

    def run(self) -> None:
        """Publish pages while there are any, else wait."""
        while not self._stopping.is_set():
            wait = self._round()
            self._more.wait(wait) if self._connected else self._stopping.wait(wait)
            self._stopping.wait(GATHER_SECONDS)
        self._absorb()
        self._count()  # for the status that stays
        self._outbox.close()

    def _round(self) -> float:
        """Publish what there is and look after the outbox; returns how many seconds to rest."""
        try:
            self._absorb()
            self._publish_all()
            self._now_and_then(COUNT_SECONDS, self._count)
            self._now_and_then(TIDY_SECONDS, self._tidy)
            self._now_and_then(PURGE_SECONDS, self._purge)
        except sqlite3.DatabaseError as problem:
            # The broker may have what could not be marked; it comes again, and every task stands that.
            log.warning("the outbox cannot be read or marked, trying again: %s", problem)
            self._failures += 1
        return WAITS[min(self._failures, len(WAITS)) - 1] if self._failures else LOOK_SECONDS

    def _publish_all(self) -> None:
        try:
            while self._publish_page() | self._absorb() and not self._stopping.is_set():
                self._now_and_then(COUNT_SECONDS, self._count)
                self._give_way()
            if self._connected:
                self._now_and_then(PING_SECONDS, self._broker.ping)
            else:
                self._broker.ping()  # with nothing to publish, nothing else has asked it
        except BROKER_ERRORS as problem:
            self._failures += 1
            self._broker.disconnect()
            if self._connected is not False:
                cause = broker_url.explain(problem.__cause__ or problem)
                log.error("the broker cannot be reached; pictures are stored and wait in the outbox: %s", cause)
                self._is_connected(False)
            return
        self._failures = 0
        if not self._connected:
            log.info("the broker is there")
            self._is_connected(True)

    def _is_connected(self, connected: bool) -> None:
        self._connected, self._since = connected, _now()
        self._changed()

    def _publish_page(self) -> bool:
        self._more.clear()
        began = time.thread_time()
        records = self._outbox.unpublished(PAGE)
        if records:
            self._broker.publish(records)
            self._outbox.mark_published([record.id for record in records])
        self._page_seconds = time.thread_time() - began
        for record in records:
            what = record.payload.get("path") or record.payload.get("text")
            log.info("handed to the broker: %s", what, extra={"message_id": record.id})
        return len(records) == PAGE

    def _give_way(self) -> None:
        """While senders keep the hub busy, take no more than a small share of the interpreter from it."""
        if self._more.is_set():
            self._stopping.wait(self._page_seconds * REST_SHARE)

    def _now_and_then(self, seconds: float, action: Callable[[], object]) -> None:
        now = time.monotonic()
        if now >= self._due.get(action, 0.0):
            self._due[action] = now + seconds
            action()

    def _count(self) -> None:
        self._depth = {
            "unpublished": self._outbox.depth() + self._journal.waiting(),
            "oldest_age_seconds": self._outbox.oldest_unpublished_age(),
        }

    def _absorb(self) -> bool:
        """Bring records from the journal into the outbox; whether there may be more."""
        entries = self._journal.fresh(ABSORBED_AT_ONCE)
        payloads = [json.loads(record) for _, record in entries]
        self._outbox.append([one for one in payloads if self._has_its_file(one)])
        self._journal.absorbed(entries)
        return len(entries) == ABSORBED_AT_ONCE

    def _has_its_file(self, payload: dict[str, Any]) -> bool:
        """Not so for what was never answered: a crash or a full disk came in between."""
        return "path" not in payload or (self._data_dir / payload["path"]).exists()

    def _tidy(self) -> None:
        """Delete files of the journal that the outbox has on disk."""
        self._now_and_then(RETIRE_SECONDS, self._journal.retire)
        if (done := self._journal.done()) and self._outbox.checkpoint():
            self._journal.delete(done)

    def _purge(self) -> None:
        while not self._stopping.is_set() and self._outbox.purge():
            pass


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")
