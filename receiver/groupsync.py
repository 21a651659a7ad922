"""One sync of a file or a folder for everybody who waits for it."""

from __future__ import annotations

import threading
from collections.abc import Callable


class GroupSync:
    """Called by many threads at once, it runs `sync` for all of them that have come before it begins.

    While one sync runs, those that come gather for the next, so that its cost is shared the more the busier it is.
    Where it fails, it fails for all that it was for.
    """

    def __init__(self, sync: Callable[[], None]) -> None:
        self._sync = sync
        self._syncing, self._counting = threading.Lock(), threading.Lock()
        self._asked = self._done = 0
        self._failed: tuple[int, OSError] | None = None

    def __call__(self) -> None:
        """Return when a sync is over that began after this call; raises OSError where it failed."""
        with self._counting:
            self._asked += 1
            mine = self._asked
        with self._syncing:
            if self._failed and mine <= self._failed[0]:
                raise OSError(*self._failed[1].args)
            if self._done >= mine:
                return
            with self._counting:
                upto = self._asked
            try:
                self._sync()
            except OSError as problem:
                self._failed = upto, problem
                raise
            self._done = upto
