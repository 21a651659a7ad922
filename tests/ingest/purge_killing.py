"""`manage.py purge --yes` that kills itself when it comes to a point for the NTH time, as a crash just there would:

python -m tests.ingest.purge_killing POINT NTH LOG
"""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Place:
    """A function at whose beginning the purge dies, or at whose end."""

    module: str
    function: str
    after: bool = False


POINTS = {
    "tombstones written, rows still there": Place("ingest.removing", "remove_readings"),
    "rows removed, before commit": Place("ingest.retention", "note"),
    "counted, before commit": Place("ingest.retention", "note", after=True),
    "after commit, before the files": Place("ingest.retention", "remove_files"),
    "in mid-batch, between two files": Place("ingest.unlinking", "_remove_one"),
    "files removed, before that is written": Place("ingest.removing", "remove_pictures", after=True),
    "between two batches": Place("ingest.retention", "remove_files", after=True),
}


def kill_at(place: Place, nth: int, log: Path) -> None:
    """Have the nth call of the place's function kill this process."""
    module: Any = sys.modules[place.module]
    original = getattr(module, place.function)
    count = 0

    def watched(*arguments: Any, **named: Any) -> Any:
        nonlocal count
        count += 1
        if count == nth and not place.after:
            die(log)
        result = original(*arguments, **named)
        if count == nth:
            die(log)
        return result

    setattr(module, place.function, watched)


def die(log: Path) -> None:
    log.write_text("killed")
    os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    import django

    django.setup()
    from django.core.management import call_command

    from ingest import retention

    point, nth, log = sys.argv[1:]
    retention.BATCH = int(os.environ["BATCH"])  # several batches of few pictures
    kill_at(POINTS[point], int(nth), Path(log))
    call_command("purge", yes=True)


if __name__ == "__main__":
    main()
