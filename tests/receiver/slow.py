"""A receiver on a disk that takes its time."""

import os
import time

from receiver.__main__ import main

SECONDS = 0.01
_fsync = os.fsync


def slow_fsync(descriptor: int) -> None:
    time.sleep(SECONDS)
    _fsync(descriptor)


if __name__ == "__main__":
    os.fsync = slow_fsync  # type: ignore[assignment]
    raise SystemExit(main())
