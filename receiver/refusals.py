"""What is refused: counted by reason and node, and told in one line that a flood cannot multiply."""

from __future__ import annotations

from receiver.status import Status
from receiver.throttle import Throttle


class Refusals:
    """Used by the hub's thread alone."""

    def __init__(self, status: Status) -> None:
        self._status, self._throttle = status, Throttle()
        self.settle = self._throttle.settle

    def note(self, reason: str, peer: str, detail: str, node: str = "") -> None:
        """Something of `peer` (an address) was refused; `reason` is one of a few fixed ones, `detail` is printable."""
        self._status.count_refused(reason, node)
        self._throttle.warn(f"refused from {peer}: {reason}", detail)
