"""The doctor's findings of a while ago, for who asks often."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import connections

log = logging.getLogger(__name__)

AGAIN_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Examination:
    """When, and how bad every finding of each check was."""

    at: datetime
    states: dict[str, list[str]]


class Examined:
    """Examines on a thread of its own while somebody asks: one check asks this very process whether it answers."""

    def __init__(self) -> None:
        self._latest: Examination | None = None
        self._lock = threading.Lock()
        self._due = 0.0

    def latest(self) -> Examination | None:
        """The last examination; where it is some minutes old, the next one begins. None until the first has ended."""
        with self._lock:
            if time.monotonic() >= self._due:
                self._due = time.monotonic() + AGAIN_SECONDS
                threading.Thread(target=self._examine, name="doctor", daemon=True).start()
        return self._latest

    def _examine(self) -> None:
        from ingest import doctor

        try:
            states = {name: [str(one.state) for one in doctor.examine(name)] for name in doctor.CHECKS}
            self._latest = Examination(datetime.now(UTC), states)
        except Exception:  # the thread's end would be seen by nobody
            log.exception("the doctor stumbled")
        finally:
            connections.close_all()


EXAMINED = Examined()
