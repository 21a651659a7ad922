"""A receiver in which a thread fails at SIGUSR1."""

import signal
import threading

from receiver.__main__ import main


def fail() -> None:
    raise RuntimeError("a thread fails")


if __name__ == "__main__":
    signal.signal(signal.SIGUSR1, lambda *_: threading.Thread(target=fail).start())
    raise SystemExit(main())
