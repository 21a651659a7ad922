"""Names in the data folder that one of several receivers may use at a time."""

from __future__ import annotations

import fcntl
from pathlib import Path


class Claim:
    """A lock file; the kernel lets go of the lock however the process ends."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a")
        self._held = False

    def held(self) -> bool:
        """Whether this process has it, which it takes as soon as nobody else does."""
        if not self._held:
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            self._held = True
        return True

    def release(self) -> None:
        """Let go of it."""
        self._file.close()
