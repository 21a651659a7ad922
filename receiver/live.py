"""Pictures for whoever is looking just now: the newest of each name, in the broker's memory for seconds, never on disk.

The one thing that goes to the broker past the outbox. Nobody waits for it: while nobody looks, or the broker is away,
pictures are dropped.
"""

from __future__ import annotations

import hashlib
import json
import logging
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime

import redis

import broker_url
from receiver.encode import to_jpeg
from receiver.live_keys import LIFE_SECONDS, WATCHED, list_key, picture_key
from receiver.messages import Payload, Picture, Tuning
from receiver.senders import Sender

log = logging.getLogger("receiver")
SHOW_SECONDS = 0.2
LOOK_SECONDS = 1.0
TIMEOUT_SECONDS = 0.5
GRACE_SECONDS = 5.0  # a picture outlives the list that names it, so that nobody asks for one that is gone
MOST_SHOWN = 24
MOST_WAITING_BYTES = 64 * 1024 * 1024
MOST_JPEG_BYTES = 2 * 1024 * 1024
# Without the first line each picture would be written to the broker's append-only file, and so to the disk.
STORE = """
redis.set_repl(redis.REPL_NONE)
for i, key in ipairs(KEYS) do redis.call('SET', key, ARGV[2 * i - 1], 'PX', ARGV[2 * i]) end
"""


@dataclass(slots=True)
class _Picture:
    """The newest of one name, which the broker does not have yet."""

    facts: dict[str, str | int]
    data: Payload
    shape: tuple[int, int, int] | None


class Live(threading.Thread):
    """Hands pictures to the broker five times a second while somebody looks."""

    def __init__(self, url: str, receiver_id: str) -> None:
        super().__init__(name="live", daemon=True)
        self._client = redis.Redis.from_url(url, socket_timeout=TIMEOUT_SECONDS, socket_connect_timeout=TIMEOUT_SECONDS)
        self._receiver_id = receiver_id
        self._lock, self._stopping = threading.Lock(), threading.Event()
        self._waiting: dict[str, _Picture] = {}
        self._shown: dict[str, tuple[float, dict[str, str | int]]] = {}
        self._watched = self._complained = False
        self._number = 0

    def tuning(self, sender: Sender, connection: bytes, picture: Tuning) -> None:
        """Show a tuning picture under its connection and its text; from any thread, never waits."""
        if self._watched:
            facts = {"kind": "tuning", "sender": sender.label, "peer": sender.peer, "name": picture.text}
            self._show((connection.hex(), picture.text), facts, picture)

    def camera(self, picture: Picture) -> None:
        """Show a camera's picture; from any thread, never waits."""
        if self._watched:
            facts = {"kind": "camera", "node": picture.node, "view": picture.view}
            self._show(("camera", picture.node, picture.view), facts, picture)

    def stop(self) -> None:
        """End the thread; a broker that hangs is not waited for."""
        self._stopping.set()

    def run(self) -> None:
        """Look whether somebody looks, and show."""
        while not self._stopping.wait(SHOW_SECONDS if self._watched else LOOK_SECONDS):
            try:
                self._watched = bool(self._client.exists(WATCHED))
                self._publish()
                self._complained = False
            except redis.RedisError as problem:
                self._watched = False
                self._complain(problem)
            if not self._watched:
                with self._lock:
                    self._waiting.clear()
        self._client.close()

    def _show(self, name: tuple[str, ...], facts: dict[str, str], picture: Tuning | Picture) -> None:
        slot = hashlib.blake2s("\0".join(name).encode(), digest_size=8).hexdigest()
        with self._lock:
            others = [one for key, one in self._waiting.items() if key != slot]
            names = len({slot, *self._waiting, *self._shown})
            waiting = sum(len(one.data) for one in others)
            if names > MOST_SHOWN or waiting + len(picture.data) > MOST_WAITING_BYTES:
                return
            self._number += 1
            now = datetime.now(UTC).isoformat(timespec="milliseconds")
            known: dict[str, str | int] = {"slot": slot, "number": self._number, "at": now, **facts}
            self._waiting[slot] = _Picture(known, picture.data, picture.shape)

    def _publish(self) -> None:
        """Hand over what is new, with a list of all that is shown."""
        now = time.monotonic()
        with self._lock:
            new, self._waiting = self._waiting, {}
            self._shown = {key: one for key, one in self._shown.items() if one[0] > now - LIFE_SECONDS}
            self._shown |= {slot: (now, one.facts) for slot, one in new.items()}
        if not new:
            return
        jpegs = {picture_key(self._receiver_id, slot): _jpeg(one) for slot, one in new.items()}
        values: dict[str, bytes | str] = {key: jpeg for key, jpeg in jpegs.items() if jpeg is not None}
        values[list_key(self._receiver_id)] = json.dumps([facts for _, facts in self._shown.values()])
        lives = [*[LIFE_SECONDS + GRACE_SECONDS] * (len(values) - 1), LIFE_SECONDS]
        parts = [part for value, life in zip(values.values(), lives, strict=True) for part in (value, int(life * 1000))]
        self._client.eval(STORE, len(values), *values, *parts)

    def _complain(self, problem: redis.RedisError) -> None:
        if not self._complained:
            log.warning("nothing can be shown live: %s", broker_url.explain(problem))
        self._complained = True


def _jpeg(picture: _Picture) -> bytes | None:
    """The picture as a JPEG; None, with the problem among the facts, where it cannot be shown."""
    try:
        jpeg = bytes(picture.data) if picture.shape is None else to_jpeg(picture.data, picture.shape)
    except ValueError as problem:
        picture.facts["problem"] = f"It cannot be encoded: {problem}"
        return None
    if len(jpeg) > MOST_JPEG_BYTES:
        picture.facts["problem"] = f"It is too large to be shown live: {len(jpeg) / 2**20:.1f} MiB."
        return None
    return jpeg
