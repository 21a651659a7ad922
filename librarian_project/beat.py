"""Celery's beat, made to forget nothing when it is killed and to skip nothing when the broker is not there.

Its own scheduler keeps the times of the last runs in a shelve that it writes every three minutes: killed in between it
runs entries again, a damaged shelve it begins anew, and an entry whose message could not be sent waits for its next
time, perhaps a day.
"""

from __future__ import annotations

import json
import logging
import os
from datetime import datetime
from pathlib import Path
from typing import Any

from celery.beat import ScheduleEntry, Scheduler, SchedulingError

import counting
import heartbeat

log = logging.getLogger(__name__)

AGAIN_SECONDS = 2.0
SIGN_SECONDS = 5.0
"""How often it looks at least, to give a sign of life."""
PATIENCE_SECONDS = 5.0


class KeepingScheduler(Scheduler):
    """Writes every run into a JSON file at once, atomically, and sends again what could not be sent."""

    def __init__(self, app: Any, *args: Any, **kwargs: Any) -> None:
        self._file = Path(kwargs.get("schedule_filename") or app.conf.beat_schedule_filename)
        self._unsent = False
        # A broker that hangs must not hang the schedule with it.
        limits = {"socket_timeout": PATIENCE_SECONDS, "socket_connect_timeout": PATIENCE_SECONDS, "max_retries": 0}
        app.conf.broker_transport_options = app.conf.broker_transport_options | limits
        super().__init__(app, *args, **kwargs)

    def setup_schedule(self) -> None:
        """The entries of the settings, with the times of their last runs."""
        super().setup_schedule()
        known = self._read()
        for name, entry in self.schedule.items():
            if name in known:
                entry.last_run_at = datetime.fromisoformat(known[name])
        self.sync()

    def apply_entry(self, entry: ScheduleEntry, producer: Any = None) -> None:
        """Send an entry's task and note that; when it cannot be sent, have it sent soon."""
        try:
            self.apply_async(entry, producer=producer, advance=False)
        except SchedulingError as problem:
            counting.SENT.labels(entry.task, "failed").inc()
            log.error("%s could not be sent, trying again: %s", entry.task, problem)
            self.schedule[str(entry.name)] = entry  # as it was before this run
            self._unsent = True
            return
        counting.SENT.labels(entry.task, "sent").inc()
        self.sync()

    def tick(self, *args: Any, **kwargs: Any) -> float:
        """Send what is due; seconds until the next look."""
        heartbeat.alive()
        seconds: float = super().tick(*args, **kwargs)
        if self._unsent:
            self._unsent, self._heap = False, None  # made anew, with what was not sent still due
            return AGAIN_SECONDS
        return min(seconds, SIGN_SECONDS)

    def sync(self) -> None:
        """Write the times of the last runs."""
        part = self._file.with_suffix(".part")
        with part.open("w") as file:
            json.dump({name: entry.last_run_at for name, entry in self.schedule.items()}, file, default=str)
            file.flush()
            os.fsync(file.fileno())
        part.replace(self._file)

    def _read(self) -> dict[str, str]:
        try:
            found: dict[str, str] = json.loads(self._file.read_text())
            return found
        except FileNotFoundError:
            return {}
        except ValueError as problem:
            log.error("%s is damaged (%s): the schedule begins anew", self._file, problem)
            return {}

    @property
    def info(self) -> str:
        """What beat prints at its start."""
        return f"    . file -> {self._file}"
