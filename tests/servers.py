"""Private servers for tests, on folders and ports of their own, which meet no other server; see also mariadb.py."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

import psutil
import redis

import environment
from ingest.up.broker import free_port, write_config

START_SECONDS = 30
PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"  # mariadbd lies where only root looks


class Server:
    """One server process. It can be killed and started again on the same data, and ends when the tests end, anyhow."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.popen: subprocess.Popen[bytes] | None = None

    @property
    def process(self) -> psutil.Process:
        """The running process, for example to `suspend()` and `resume()` it."""
        assert self.popen, "not started"
        return psutil.Process(self.popen.pid)

    @property
    def pid(self) -> int:
        """The process as last started."""
        return self.process.pid

    def command(self) -> list[str]:
        """What to run."""
        raise NotImplementedError

    def answers(self) -> bool:
        """Whether it can be used."""
        raise NotImplementedError

    def start(self) -> None:
        """Start it, again on the same data after a `kill()`; return once it answers."""
        # Its own session keeps Ctrl-C from it; the kernel stops it should the tests be killed.
        with (self.folder / "server.log").open("ab") as log:
            self.popen = subprocess.Popen(
                self.command(), stdout=log, stderr=log, cwd=self.folder, start_new_session=True
            )
        deadline = time.monotonic() + START_SECONDS
        while not self.answers():
            if self.popen.poll() is not None or time.monotonic() > deadline:
                raise AssertionError((self.folder / "server.log").read_text()[-2000:])
            time.sleep(0.05)

    def kill(self) -> None:
        """End it at once, as a power cut of its machine would (SIGKILL); return once it is gone."""
        self.end(signal.SIGKILL)

    def stop(self) -> None:
        """End it in order."""
        self.end(signal.SIGTERM)

    def end(self, number: signal.Signals) -> None:
        """End it with a signal, also where it is suspended."""
        if self.popen and self.popen.poll() is None:
            self.popen.send_signal(number)
            self.popen.send_signal(signal.SIGCONT)
            try:
                self.popen.wait(START_SECONDS)
            except subprocess.TimeoutExpired:
                self.popen.kill()
                self.popen.wait()


class Broker(Server):
    """A Redis with the settings of the bundled broker, as a site has it that runs a broker of its own."""

    def __init__(self, folder: Path, program: str) -> None:
        super().__init__(folder)
        self.url = f"redis://:{secrets.token_urlsafe(24)}@127.0.0.1:{free_port()}/0"
        self.program = program
        self.start()

    def command(self) -> list[str]:
        """The server on its configuration."""
        config = write_config(environment.load(environ={"DATA_DIR": str(self.folder)}), self.url)
        return [*bound_to_us(), self.program, str(config)]

    def answers(self) -> bool:
        """Whether it answers a ping."""
        return broker_answers(self.url)


def broker_answers(url: str) -> bool:
    """Whether a broker answers there; one that still loads its data does not."""
    try:
        return bool(redis.Redis.from_url(url, socket_timeout=2).ping())
    except redis.RedisError:
        return False


def bound_to_us() -> list[str]:
    """How to run a command so that it ends should this process be killed."""
    return ["setpriv", "--pdeathsig=TERM"]


def run(command: Sequence[str], folder: Path, text: str | None = None) -> str:
    """What a command prints, given a text; it has to succeed."""
    env = os.environ | {"PATH": PATH}
    done = subprocess.run(command, cwd=folder, env=env, input=text, capture_output=True, text=True)
    assert done.returncode == 0, (command, done.stderr)
    return done.stdout
