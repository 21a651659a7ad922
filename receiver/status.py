"""What the receiver has done, counted over restarts, kept in `DATA_DIR/run` for whoever asks."""

from __future__ import annotations

import json
import logging
import os
import shutil
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from receiver.claims import Claim
from receiver.keeper import Job
from receiver.messages import Picture
from receiver.nodes import Nodes
from receiver.senders import Senders
from receiver.today import Today, counter

log = logging.getLogger("receiver")
COUNTED = ("received", "stored", "events", "heartbeats", "tuning", "live", "bytes")
SOONEST_SECONDS = 1.0
LATEST_SECONDS = 5.0
USUAL_NAME = "receiver.json"


class Status:
    """The counters; `latest` is replaced whole and never changed. From any thread.

    The file is `receiver-ID.json`; `receiver.json` leads to that of the receiver that came first, mostly the only one.
    """

    def __init__(
        self,
        run_dir: Path,
        zone: ZoneInfo,
        identity: dict[str, Any],
        forwarding: Callable[[], dict[str, Any]],
    ) -> None:
        """`forwarding` gives the parts of the forwarder."""
        self._path, self._usual = run_dir / f"receiver-{identity['id']}.json", run_dir / USUAL_NAME
        self._first = Claim(run_dir / "receiver.lock")
        self._identity, self._forwarding = identity, forwarding
        self.senders: list[Senders] = []
        """Those of every hub."""
        before = self._before()
        self._counts = counter({name: before.get(name) for name in COUNTED})
        self._refused = counter(before.get("refused"))
        self._nodes = Nodes(before.get("nodes"))
        self._today = Today(zone, self._counts, self._refused, before.get("today"))
        self._parts: dict[str, Callable[[], dict[str, Any]]] = {}
        self._lock = threading.RLock()
        self._saved_at = 0.0
        self._changed = True
        self._complained = False
        self.latest: dict[str, Any] = {}
        self.last_message = time.monotonic()
        """When the last request came, of whatever kind; at first, when this began."""

    def include(self, name: str, part: Callable[[], dict[str, Any]]) -> None:
        """Have the document tell one thing more."""
        self._parts[name] = part

    def count_received(self) -> None:
        """A request came, of whatever kind."""
        self.last_message = time.monotonic()
        with self._lock:
            self._counts["received"] += 1
            self._changed = True

    def count_tuning(self) -> None:
        """A tuning picture came."""
        with self._lock:
            self._counts["tuning"] += 1

    def count_live(self, node: str, at: datetime) -> None:
        """A picture came that is shown live and not to be kept."""
        with self._lock:
            self._counts["live"] += 1
            self._nodes.message(node, at)

    def count_heartbeat(self, node: str, at: datetime) -> None:
        """A heartbeat came."""
        with self._lock:
            self._counts["heartbeats"] += 1
            self._nodes.heartbeat(node, at)

    def seen(self, node: str, at: datetime) -> None:
        """A node sent something that is to be kept."""
        with self._lock:
            self._nodes.message(node, at)

    def count_image(self, node: str, day: str) -> None:
        """A picture of a node was let in on that day (ISO, local)."""
        with self._lock:
            self._nodes.image(node, day)

    def images_of(self, node: str, day: str) -> int:
        """How many pictures of a node were let in on that day, also before a restart."""
        with self._lock:
            return self._nodes.images_of(node, day)

    def count_kept(self, job: Job) -> None:
        """A picture or an event is durable; `bytes` counts the pictures' files."""
        with self._lock:
            self._counts["stored" if isinstance(job.message, Picture) else "events"] += 1
            self._counts["bytes"] += job.written.bytes if job.written else 0
            self._changed = True

    def count_refused(self, reason: str, node: str = "") -> None:
        """Something was refused, of a node where it is known; the reasons are few and fixed."""
        with self._lock:
            self._refused[reason] += 1
            self._nodes.refused(node, reason)
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
        with self._lock:
            self._saved_at, self._changed = time.monotonic(), False
            own = self._path.with_suffix(f".{os.getpid()}")
            try:
                self.latest = self._document()
                own.write_text(json.dumps(self.latest, ensure_ascii=False))
                own.replace(self._path)
                self._lead_here()
                self._complained = False
            except OSError as problem:
                if not self._complained:
                    log.warning("%s cannot be written: %s", self._path, problem)
                self._complained = True

    def _lead_here(self) -> None:
        """Have the usual name lead to this file, unless another receiver has it."""
        if self._first.held() and not (self._usual.is_symlink() and self._usual.readlink().name == self._path.name):
            link = self._usual.with_suffix(f".{os.getpid()}")
            link.unlink(missing_ok=True)
            link.symlink_to(self._path.name)
            link.replace(self._usual)

    def _before(self) -> dict[str, Any]:
        """What this receiver left; under the usual name alone where it did not know its own yet."""
        for path in (self._path, self._usual):
            if path.exists():
                before = load(path)
                return before if before.get("id", self._identity["id"]) == self._identity["id"] else {}
        return {}

    def _document(self) -> dict[str, Any]:
        now = datetime.now(UTC)
        return {
            **self._identity,
            "updated_at": now.isoformat(timespec="microseconds"),
            **{name: self._counts[name] for name in COUNTED},
            "refused": dict(self._refused),
            "today": self._today.document(),
            "senders": sum(one.count() for one in self.senders),
            **self._forwarding(),
            **{name: part() for name, part in self._parts.items()},
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
