"""The second address: cameras that send all the time are shown live, and a picture is kept now and then."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime

from receiver import wire
from receiver.entrance import Entrance
from receiver.hub import OK, Common, Hub
from receiver.keeper import Keeper
from receiver.messages import Message, Picture
from receiver.wake import Wake

MOST_CAMERAS = 1000


class LiveHub(Hub):
    """A hub that keeps one picture a camera in so many seconds, by the usual way, and answers the others at once.

    Whatever is no picture goes the usual way too.
    """

    def __init__(self, entrance: Entrance, keeper: Keeper, common: Common, wake: Wake) -> None:
        super().__init__(entrance, keeper, common, wake)
        self.keep_seconds = 0.0
        """How far apart pictures of one camera are that are kept; 0 keeps none."""
        self._kept_at: dict[tuple[str, str], float] = {}

    def _tell(self) -> None:
        """Nothing: a sign from here would hide that the first hub hangs, which is the one that keeps pictures."""

    def _accept(self, request: wire.Request, message: Message) -> None:
        if isinstance(message, Picture):
            self._live.camera(message)
            if not self._is_due(message):
                self._meet(request, message.node)
                self._status.count_live(message.node, datetime.now(UTC))
                self._replies.append((request.identity, OK))
                return
        super()._accept(request, message)

    def _is_due(self, picture: Picture) -> bool:
        """Whether this one is to be kept. Invented names cannot fill the memory, nor the disk past it."""
        if not self.keep_seconds:
            return False
        now, name = time.monotonic(), (picture.node, picture.view)
        last = self._kept_at.get(name)
        if last is None and len(self._kept_at) >= MOST_CAMERAS:
            self._kept_at = {key: at for key, at in self._kept_at.items() if now - at < self.keep_seconds}
            if len(self._kept_at) >= MOST_CAMERAS:
                return False
        if last is not None and now - last < self.keep_seconds:
            return False
        self._kept_at[name] = now
        return True


class SecondAddress(threading.Thread):
    """The hub of the second address on a thread of its own."""

    def __init__(self, hub: LiveHub) -> None:
        super().__init__(name="second-address", daemon=True)
        self.hub = hub

    def run(self) -> None:
        """Serve until the hub is stopped."""
        self.hub.run()

    def stop(self) -> None:
        """Stop the hub, unless it was told before, and wait for its end."""
        self.hub.stop()
        self.join()
