"""How many pictures a node may send, as people set it on the site; the file is written by the site and read here."""

from __future__ import annotations

import json
import logging
import threading
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from receiver.messages import Refused
from receiver.status import Status

log = logging.getLogger("receiver")
LOOK_SECONDS = 1.0
A_DAY = "over the node's limit of pictures a day"
A_MINUTE = "over the node's limit of pictures a minute"


@dataclass(frozen=True, slots=True)
class Limit:
    """Pictures; 0 is no limit."""

    max_images_per_day: int = 0
    max_images_per_minute: int = 0


@dataclass(slots=True)
class _Bucket:
    """What may still come at once; it fills up again within a minute."""

    tokens: float
    at: float

    def refill(self, a_minute: int) -> None:
        now = time.monotonic()
        self.tokens = min(float(a_minute), self.tokens + (now - self.at) * a_minute / 60)
        self.at = now


class Limits:
    """The limits of nodes, as the file has them now; from any thread."""

    def __init__(self, file: Path, zone: ZoneInfo, status: Status) -> None:
        self._file, self._zone, self._status = file, zone, status
        self._limits: dict[str, Limit] = {}
        self._buckets: dict[str, _Bucket] = {}
        self._version: tuple[int, int] | None = None
        self._look_at = 0.0
        self._lock = threading.Lock()

    def check(self, node: str, at: datetime) -> None:
        """Count a picture of a node, received `at` (aware); raises `Refused` where it is over a limit."""
        day = at.astimezone(self._zone).date().isoformat()
        with self._lock:
            self._look()
            try:
                self._check(node, day)
            except Refused as refusal:
                refusal.node = node
                raise
            self._status.count_image(node, day)

    def _check(self, node: str, day: str) -> None:
        limit = self._limits.get(node)
        if limit is None:
            return
        if limit.max_images_per_day and self._status.images_of(node, day) >= limit.max_images_per_day:
            raise Refused(A_DAY)
        if not limit.max_images_per_minute:
            return
        bucket = self._buckets.setdefault(node, _Bucket(limit.max_images_per_minute, time.monotonic()))
        bucket.refill(limit.max_images_per_minute)
        if bucket.tokens < 1:
            raise Refused(A_MINUTE)
        bucket.tokens -= 1

    def _look(self) -> None:
        """Read the file again where it has changed; one that cannot be read leaves things as they are."""
        now = time.monotonic()
        if now < self._look_at:
            return
        self._look_at = now + LOOK_SECONDS
        try:
            stat = self._file.stat()
            version = stat.st_mtime_ns, stat.st_ino
            if version != self._version:
                self._version = version
                self._limits = read_limits(self._file.read_text())
                self._buckets = {name: bucket for name, bucket in self._buckets.items() if name in self._limits}
                log.info("limits of %d nodes are in force", len(self._limits))
        except FileNotFoundError:
            self._limits = {}
        except (OSError, ValueError) as problem:
            log.warning("%s cannot be used, the limits stay as they were: %s", self._file, problem)


def read_limits(text: str) -> dict[str, Limit]:
    """The limits in the file's text, by node; raises ValueError where it is not what the site writes."""
    document = json.loads(text)
    nodes = document.get("nodes") if isinstance(document, dict) else None
    if not isinstance(nodes, dict):
        raise ValueError("no nodes in it")
    try:
        return {name: Limit(**{key: _count(value) for key, value in entry.items()}) for name, entry in nodes.items()}
    except (AttributeError, TypeError) as problem:
        raise ValueError(f"not limits of nodes: {problem}") from None


def _count(value: object) -> int:
    if type(value) is not int or value < 0:
        raise ValueError(f"{value!r} is not a number of pictures")
    return value
