"""What the receiver has done, counted over restarts, kept in `DATA_DIR/run/receiver.json` for whoever asks."""

from __future__ import annotations

import json
import logging
import os
import shutil
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from receiver.keeper import Job
from receiver.messages import Picture
from receiver.nodes import Nodes

log = logging.getLogger("receiver")
COUNTED = ("received", "stored", "events", "heartbeats", "tuning", "bytes")
SOONEST_SECONDS = 1.0
LATEST_SECONDS = 5.0


class Status:
    """The counters; used by the hub's thread alone, save for `latest`, which is replaced whole and never changed."""

    def __init__(self, path: Path, identity: dict[str, Any], forwarding: Callable[[], dict[str, Any]]) -> None:
        self._path, self._identity, self._forwarding = path, identity, forwarding
        before = load(path)
        self._counts = Counter({name: _whole(before.get(name)) for name in COUNTED})
        refused = before.get("refused")
        self._refused = Counter({str(k): _whole(v) for k, v in refused.items()} if isinstance(refused, dict) else {})
        self._nodes = Nodes(before.get("nodes"))
        self._saved_at = 0.0
        self._changed = True
        self._complained = False
        self.latest: dict[str, Any] = {}
        self.last_message = time.monotonic()
        """When the last request came, of whatever kind; at first, when this began."""

    def count_received(self) -> None:
        """A request came, of whatever kind."""
        self.last_message = time.monotonic()
        self._counts["received"] += 1
        self._changed = True

    def count_tuning(self) -> None:
        """A tuning picture came."""
        self._counts["tuning"] += 1

    def count_heartbeat(self, node: str, at: datetime) -> None:
        """A heartbeat came."""
        self._counts["heartbeats"] += 1
        self._nodes.heartbeat(node, at)

    def seen(self, node: str, at: datetime) -> None:
        """A node sent something that is to be kept."""
        self._nodes.message(node, at)

    def count_kept(self, job: Job) -> None:
        """A picture or an event is durable; `bytes` counts the pictures' files."""
        self._counts["stored" if isinstance(job.message, Picture) else "events"] += 1
        self._counts["bytes"] += job.stored.bytes if job.stored else 0
        self._changed = True

    def count_refused(self, reason: str) -> None:
        """A message was refused; the reasons are few and fixed."""
        self._refused[reason] += 1
        self._changed = True

    def seconds_to_save(self) -> float:
        """How long the file may stay as it is."""
        interval = SOONEST_SECONDS if self._changed else LATEST_SECONDS
        return max(0.0, self._saved_at + interval - time.monotonic())

    def save_when_due(self) -> None:
        """Write the file when it has changed for a second, or is five seconds old."""
        if self._forwarding()["broker"] != self.latest.get("broker"):
            self._changed = True
        if self.seconds_to_save() <= 0:
            self.save()

    def save(self) -> None:
        """Write the file now. A disk that will not take it is said once and costs nothing else."""
        self._saved_at, self._changed = time.monotonic(), False
        own = self._path.with_suffix(f".{os.getpid()}")
        try:
            self.latest = self._document()
            own.write_text(json.dumps(self.latest, ensure_ascii=False))
            own.replace(self._path)
            self._complained = False
        except OSError as problem:
            if not self._complained:
                log.warning("%s cannot be written: %s", self._path, problem)
            self._complained = True

    def _document(self) -> dict[str, Any]:
        now = datetime.now(UTC)
        return {
            **self._identity,
            "updated_at": now.isoformat(timespec="microseconds"),
            **{name: self._counts[name] for name in COUNTED},
            "refused": dict(self._refused),
            **self._forwarding(),
            "disk_free_bytes": shutil.disk_usage(self._path.parent).free,
            "nodes": self._nodes.document(now),
        }


def load(path: Path) -> dict[str, Any]:
    """The file that the last receiver left; {} when there is none, or none that can be read."""
    try:
        document = json.loads(path.read_text())
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as problem:
        log.warning("%s cannot be read, counting starts anew: %s", path, problem)
        return {}
    return document if isinstance(document, dict) else {}


def _whole(value: object) -> int:
    return value if type(value) is int and value >= 0 else 0
