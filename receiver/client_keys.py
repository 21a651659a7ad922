"""Whose CURVE key it is, as the folder of keys has it now."""

from __future__ import annotations

import logging

from zmq.utils import z85

from curve_keys import KeyFolder, KeyProblem

log = logging.getLogger("receiver")


class ClientKeys:
    """The clients that may send; the folder is looked at again whenever it changes."""

    def __init__(self, folder: KeyFolder) -> None:
        self._folder = folder
        self._changed_at = -1
        self._names: dict[bytes, str] = {}

    def name(self, key: bytes) -> str | None:
        """The name of the client with this public key (32 bytes); None for one that may not send."""
        self._look()
        return self._names.get(z85.encode(key))

    def has(self, name: str) -> bool:
        """Whether a client of this name may send still."""
        self._look()
        return name in self._names.values()

    def _look(self) -> None:
        try:
            changed_at = self._folder.changed_at()
            if changed_at == self._changed_at:
                return
            self._names = {key: name for name, key in self._folder.names().items()}
            self._changed_at = changed_at
        except (OSError, KeyProblem) as problem:
            log.warning("the CURVE keys stay as they were: %s", problem)
