"""`python -m ingest.up.guard NAME SECONDS COMMAND…`: runs a command, and ends it when it gives no sign of life.

What systemd does by WatchdogSec=, where there is no systemd: Docker restarts a container whose process has ended, not
one that is unhealthy. The exit status is then 70, else that of the command. Standard library only, to stay small.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time

EXIT_STATUS = 70
"""EX_SOFTWARE of sysexits.h."""
START_SECONDS = 120.0
"""Until the first sign: programs load models, and wait for servers."""
FORWARDED = (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT, signal.SIGHUP)
LOOK_SECONDS = 0.5


class Ear:
    """Hears the signs of life of one process."""

    def __init__(self, name: str) -> None:
        self.address = f"@librarian-{os.getpid()}-{name}"
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK | socket.SOCK_CLOEXEC)
        self._socket.bind("\0" + self.address[1:])
        self._since, self.heard = time.monotonic(), False

    def reset(self) -> None:
        """The process begins anew."""
        self._listen()
        self._since, self.heard = time.monotonic(), False

    def is_hung(self, seconds: float) -> bool:
        """Whether no sign was heard for so long; before the first one for `START_SECONDS`, if that is longer."""
        self._listen()
        return time.monotonic() - self._since > (seconds if self.heard else max(seconds, START_SECONDS))

    def _listen(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while self._socket.recv(256):
                self._since, self.heard = time.monotonic(), True


def guard(name: str, seconds: float, command: list[str]) -> int:
    """Run a command until it ends or hangs; the exit status."""
    ear = Ear(name)
    if shutil.which("setpriv"):  # should this process be killed, its child is asked to stop
        command = ["setpriv", "--pdeathsig", "TERM", *command]
    child = subprocess.Popen(command, env=os.environ | {"NOTIFY_SOCKET": ear.address}, start_new_session=True)
    stopping = said = False

    def forward(number: int, _frame: object) -> None:
        nonlocal stopping
        stopping = True
        child.send_signal(number)

    for number in FORWARDED:
        signal.signal(number, forward)
    while True:
        with contextlib.suppress(subprocess.TimeoutExpired):
            status = child.wait(LOOK_SECONDS)
            return 128 - status if status < 0 else status
        hung = ear.is_hung(seconds)
        if ear.heard and not said:
            said = True
            print(f"{name} gives signs of life, and is ended after {seconds:g} s without", file=sys.stderr, flush=True)
        if hung and not stopping:
            print(f"{name} gives no sign of life: it is killed, to be started again", file=sys.stderr, flush=True)
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
            return EXIT_STATUS


if __name__ == "__main__":
    raise SystemExit(guard(sys.argv[1], float(sys.argv[2]), sys.argv[3:]))
