"""The schedule's run: by names, some seconds at a time, so that nothing else waits for long."""

from __future__ import annotations

import logging
import time

from ingest.reconcile.running import Busy, alone, begin, work

log = logging.getLogger(__name__)

SECONDS = 20.0


def reconcile_slice() -> bool:
    """Compare for some seconds; whether more is left. Safe to kill and run again."""
    deadline = time.monotonic() + SECONDS
    try:
        with alone():
            for _ in work(begin()):
                if time.monotonic() > deadline:
                    return True
    except Busy as problem:
        log.info("%s", problem)
    return False
