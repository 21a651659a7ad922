"""The forwarder: a process that brings records from the journal into the outbox, and hands them to the broker.

Storing never waits for it, nor shares an interpreter with it. The receiver starts it as its child and speaks to it
through the two ends of a socket: a byte says that there is more, the end that the receiver is done.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
import signal
import socket
import sqlite3
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import broker_url
import environment
import error_reports
import logs
from receiver.bell import Bell
from receiver.broker import BROKER_ERRORS, Broker
from receiver.journal_reader import JournalReader
from receiver.opening import open_outbox
from receiver.outbox import Outbox, Record

if TYPE_CHECKING:
    from environment import Environment

log = logging.getLogger("receiver")
PAGE = 100
NICE = 5  # whoever waits for a reply comes first
MOST_REST_SECONDS = 1.0
REST_SHARE = 30  # a page of 100 takes some 20 ms, so this still publishes more than a small machine can look at
GATHER_SECONDS = 0.02  # a moment for more records to come, so that one round trip serves many
LOOK_SECONDS = 2.0  # how soon records are found that another process wants published again
PING_SECONDS = 5.0
COUNT_SECONDS = 1.0
PURGE_SECONDS = 600.0
TIDY_SECONDS = 60.0
AT_ONCE = 500  # records of the journal
WAITS = (0.1, 0.5, 1.0, 2.0)


class Forwarder:
    """Publishes what is unpublished, in order, until the bell is over; calls `tell` with its state as it changes."""

    def __init__(self, env: Environment, outbox: Outbox, bell: Bell, tell: Callable[[dict[str, Any]], None]) -> None:
        self._outbox = outbox
        self._journal = JournalReader(env.outbox_dir / f"{env.receiver_id}.journal", self._outbox.position())
        self._broker, self._data_dir, self._bell, self._tell = Broker(env.redis_url), env.data_dir, bell, tell
        self._connected: bool | None = None
        self._since = _now()
        self._failures = 0
        self._spent = 0.0
        self._depth: dict[str, Any] = {"unpublished": 0, "oldest_age_seconds": None}
        self._told: dict[str, Any] = {}
        self._due: dict[Callable[[], object], float] = {}

    def run(self) -> None:
        """Publish pages while there are any, else wait."""
        while not self._bell.over:
            if not self._round():
                wait = WAITS[min(self._failures, len(WAITS)) - 1] if self._failures else LOOK_SECONDS
                self._bell.rest(wait) if self._failures else self._bell.wait(wait)
                self._bell.rest(GATHER_SECONDS)
            self._give_way()
        with suppress(sqlite3.DatabaseError, OSError):  # what it does not take now waits in the journal
            self._absorb()
            self._count()  # for the status that stays
        self._outbox.close()

    def _round(self) -> bool:
        """Take in what there is, publish a page of it and look after the rest; whether there may be more to publish."""
        try:
            self._absorb()
            more = self._publish_page()
            self._now_and_then(COUNT_SECONDS, self._count)
            self._now_and_then(TIDY_SECONDS, self._tidy)
            self._now_and_then(PURGE_SECONDS, self._purge)
        except (sqlite3.DatabaseError, OSError) as problem:
            # The broker may have what could not be marked; it comes again, and every task stands that.
            log.warning("the journal cannot be read or the outbox not be written, trying again: %s", problem)
            self._failures += 1
            return False
        return more

    def _give_way(self) -> None:
        """While senders keep the receiver busy, leave it most of the machine: what waits here is safe."""
        if self._bell.wait(0):
            self._bell.rest(min(self._spent * REST_SHARE, MOST_REST_SECONDS))
        self._spent = 0.0

    def _publish_page(self) -> bool:
        """Hand over what is to be published; whether there may be more."""
        records, began = self._outbox.unpublished(PAGE), time.process_time()
        try:
            if records:
                self._publish(records)
            elif self._connected:
                self._now_and_then(PING_SECONDS, self._broker.ping)
            else:
                self._broker.ping()  # with nothing to publish, nothing else has asked it
        except BROKER_ERRORS as problem:
            self._lost(problem)
            return False
        self._outbox.mark_published([record.id for record in records])
        self._spent = time.process_time() - began
        self._failures = 0
        if not self._connected:
            log.info("the broker is there")
            self._is_connected(True)
        return len(records) == PAGE

    def _publish(self, records: Sequence[Record]) -> None:
        self._broker.publish(records)
        for record in records:
            what = record.payload.get("path") or record.payload.get("text")
            log.info("handed to the broker: %s", what, extra={"message_id": record.id})

    def _lost(self, problem: Exception) -> None:
        """The broker does not answer, or not in time."""
        self._failures += 1
        self._broker.disconnect()
        if self._connected is not False:
            cause = broker_url.explain(problem.__cause__ or problem)
            log.error("the broker cannot be reached; pictures are stored and wait in the outbox: %s", cause)
            self._is_connected(False)

    def _is_connected(self, connected: bool) -> None:
        self._connected, self._since = connected, _now()
        self._say()

    def _absorb(self) -> None:
        """Bring all records of the journal into the outbox."""
        while True:
            records, position = self._journal.read(AT_ONCE)
            if position == self._journal.position:
                return
            payloads = [json.loads(record) for record in records]
            self._outbox.append([one for one in payloads if self._has_its_file(one)], position)
            self._journal.position = position

    def _has_its_file(self, payload: dict[str, Any]) -> bool:
        """Not so for what was never answered: a crash or a full disk came in between."""
        if "path" not in payload or (self._data_dir / payload["path"]).exists():
            return True
        log.warning("left out, as its file is not there: %s", payload["path"], extra={"message_id": payload["id"]})
        return False

    def _now_and_then(self, seconds: float, action: Callable[[], object]) -> None:
        now = time.monotonic()
        if now >= self._due.get(action, 0.0):
            self._due[action] = now + seconds
            action()

    def _count(self) -> None:
        self._depth = {
            "unpublished": self._outbox.depth(),
            "oldest_age_seconds": self._outbox.oldest_unpublished_age(),
        }
        self._say()

    def _say(self) -> None:
        state = {"outbox": self._depth, "broker": {"connected": bool(self._connected), "since": self._since}}
        if state != self._told:
            self._told = state
            self._tell(state)

    def _tidy(self) -> None:
        """Delete files of the journal that the outbox has on disk."""
        if (behind := self._journal.behind()) and self._outbox.checkpoint():
            for path in behind:
                path.unlink(missing_ok=True)

    def _purge(self) -> None:
        while not self._bell.over and self._outbox.purge():
            self._bell.wait(0)


def tell(state: dict[str, Any]) -> None:
    """Write a state for the receiver to read; where that has gone, the bell will say so."""
    with suppress(BrokenPipeError):
        print(json.dumps(state), flush=True)


def main() -> None:
    """Forward for the receiver whose socket is the standard input, until that is closed."""
    for number in (signal.SIGTERM, signal.SIGINT):  # sent to the whole family, of which the receiver ends first
        signal.signal(number, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, signal.valid_signals())  # which `Forwarding` blocked until now
    os.nice(NICE)
    logs.configure()
    error_reports.start("forwarder")
    env = environment.stop_on_problem()
    with (env.outbox_dir / f"{env.receiver_id}.forwarder.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # one whose receiver was killed may still be at its last page
        bell = Bell(socket.socket(fileno=sys.stdin.fileno()))
        if outbox := open_outbox(env.outbox_dir / f"{env.receiver_id}.sqlite3", bell):
            Forwarder(env, outbox, bell, tell).run()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")


if __name__ == "__main__":
    main()
