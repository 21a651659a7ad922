"""The receiver's own fixtures, for soaks of the receiver alone."""

from tests.receiver.conftest import broker, receiver

__all__ = ["broker", "receiver"]
