"""Being stopped from the keyboard between two steps.

Python drops a KeyboardInterrupt that is raised while an object is finalised ("Exception ignored in ..."), which
long calls of a database's client bring about often: the command would then go on as if nobody had stopped it.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def between_steps() -> Iterator[Callable[[], None]]:
    """Within, SIGINT is noted; what this gives is to be called after each step, and then raises `KeyboardInterrupt`.

    Main thread only, as all signals of Python.
    """
    asked: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _frame: asked.append(number))

    def check() -> None:
        if asked:
            raise KeyboardInterrupt

    try:
        yield check
    finally:
        signal.signal(signal.SIGINT, before)
