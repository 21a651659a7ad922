"""Opening the outbox where the disk may be full."""

from __future__ import annotations

import logging
import sqlite3
from pathlib import Path

from receiver.bell import Bell
from receiver.outbox import Outbox

log = logging.getLogger("receiver")
AGAIN_SECONDS = 1.0


def open_outbox(path: Path, bell: Bell) -> Outbox | None:
    """The outbox, once it can be opened: what is stored waits in the journal. None when the bell is over before."""
    complained = False
    while not bell.over:
        try:
            return Outbox(path)
        except sqlite3.DatabaseError as problem:
            if not complained:
                log.warning("the outbox cannot be opened, trying again: %s", problem)
            complained = True
            bell.rest(AGAIN_SECONDS)
    return None
