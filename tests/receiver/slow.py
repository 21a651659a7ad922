"""A receiver on a disk that takes its time."""

import time

from receiver.__main__ import main
from receiver.journal import OpenFile
from receiver.written import Folder, Written

SECONDS = 0.05
SLOW = ((Written, "fill"), (Folder, "sync"), (OpenFile, "sync"))


def slow_down(owner: type, method: str) -> None:
    original = getattr(owner, method)

    def slowly(*arguments: object) -> None:
        time.sleep(SECONDS)
        original(*arguments)

    setattr(owner, method, slowly)


if __name__ == "__main__":
    for place in SLOW:
        slow_down(*place)
    raise SystemExit(main())
