"""A receiver whose clock is wrong: `python -m tests.receiver.clocks {stepping,frozen} {unnamed,hidden}`."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import count
from unittest.mock import patch

from receiver import __main__ as receiver
from receiver.written import Hidden

STEP = timedelta(hours=1)
EVERY = 40
FROZEN_AT = datetime(2026, 7, 1, 12, 0, 0, 123456, UTC)


class Stepping(datetime):
    """Goes back by an hour and comes to itself again, by turns, and knows no more than minutes: times come again."""

    asked = count()

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        back = STEP if next(cls.asked) // EVERY % 2 else timedelta()
        return (datetime.now(tz) - back).replace(second=0, microsecond=0)


class Frozen(datetime):
    """Stands still."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        return FROZEN_AT.astimezone(tz)


CLOCKS = {"stepping": Stepping, "frozen": Frozen}


def main() -> int:
    """Run the receiver."""
    clock, kind = sys.argv[1:]
    if kind == "hidden":
        patch("receiver.store.kind_for", return_value=Hidden).start()
    with patch("receiver.hub.datetime", CLOCKS[clock]):
        return receiver.main()


if __name__ == "__main__":
    raise SystemExit(main())
