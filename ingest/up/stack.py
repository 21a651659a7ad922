"""Start, watch and stop the supervised processes."""

from __future__ import annotations

import contextlib
import fcntl
import http.client
import os
import shutil
import signal
import subprocess
import sys
import time
import xmlrpc.client
from collections.abc import Callable
from pathlib import Path
from typing import Any

from supervisor.xmlrpc import SupervisorTransport

from environment import Environment, EnvironmentProblem
from ingest.receiver_state import own_state
from ingest.up.guard import Ear
from ingest.up.processes import WATCHED, own_processes, socket_path, write_supervisor_config

STOP_SECONDS = 9.0
START_SECONDS = 60.0
NOT_HANDED_ON = {"DJANGO_SETTINGS_MODULE", "NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"}
"""Django's settings each process names itself, or does without; systemd wants to hear of us alone."""


class Stack:
    """All processes of one machine under a supervisor that restarts each of them by itself."""

    def __init__(self, env: Environment) -> None:
        self.env = env
        self.supervisor: subprocess.Popen[bytes] | None = None
        self._lock = lock_folder(env)
        self._seen: dict[str, int] = {}
        self._ears: dict[str, Ear] = {}

    def start(self, bundled_broker: str) -> None:
        """Start the supervisor; it starts the rest, and a broker where a REDIS_URL for it is given."""
        names = [one.name for one in own_processes(self.env)]
        self._ears = {name: Ear(name) for name in names if name.startswith(WATCHED)}
        config = write_supervisor_config(self.env, bundled_broker, self._ears)
        command = [sys.executable, "-P", "-m", "supervisor.supervisord", "-n", "-c", str(config)]
        if shutil.which("setpriv"):  # should this process be killed, the supervisor stops the others
            command = ["setpriv", "--pdeathsig", "TERM", *command]
        env = {name: value for name, value in os.environ.items() if name not in NOT_HANDED_ON}
        # A session of its own: Ctrl-C in the terminal reaches us alone, and we stop the others in order.
        with (self.env.logs_dir / "supervisord.log").open("ab") as log:
            self.supervisor = subprocess.Popen(
                command,
                cwd=self.env.data_dir,
                env=env,
                start_new_session=True,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def wait_until_ready(self) -> None:
        """Return when all runs, pages are served and cameras are answered; raise `EnvironmentProblem` if not."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if not self.alive():
                raise EnvironmentProblem(f"The supervisor ended: see {self.env.logs_dir}/supervisord.log.")
            failing = [one for one in self._processes_or_none() if one["statename"] != "RUNNING"]
            if not failing and self._receiver_answers() and self._web_answers():
                return
            time.sleep(0.2)
        raise EnvironmentProblem("\n".join(map(last_words, failing)) or f"No answer; see {self.env.logs_dir}.")

    def processes(self) -> list[dict[str, Any]]:
        """Supervisor's facts of every process: name, statename, pid, start."""
        transport = SupervisorTransport(None, None, f"unix://{socket_path(self.env)}")
        with xmlrpc.client.ServerProxy("http://127.0.0.1", transport) as server:
            answer: Any = server.supervisor.getAllProcessInfo()
        return list(answer)

    def watch(self, say: Callable[[str], None]) -> None:
        """Tell of every process that ended and was started again since the last call."""
        for one in self._processes_or_none():
            name, pid = one["name"], one["pid"]
            if name in self._seen and self._seen[name] != pid:
                say(f"{name} ended and is started again ({one['statename']}): see {one['stdout_logfile']}")
            if name in self._ears:
                self._listen(one, self._seen.get(name, pid) != pid, say)
            self._seen[name] = pid

    def _listen(self, process: dict[str, Any], is_new: bool, say: Callable[[str], None]) -> None:
        """Kill a process that gives no sign of life; the supervisor starts it again."""
        ear = self._ears[process["name"]]
        if is_new or not process["pid"]:
            ear.reset()
        elif ear.is_hung(self.env.hung_seconds):
            say(f"{process['name']} gives no sign of life: it is killed, to be started again")
            kill_group(process["pid"])
            ear.reset()

    def alive(self) -> bool:
        """Whether the supervisor still runs."""
        return self.supervisor is not None and self.supervisor.poll() is None

    def stop(self) -> None:
        """Stop every process, the broker last; whoever has not ended in time is killed."""
        if not self.alive() or self.supervisor is None:
            return
        pids = [one["pid"] for one in self._processes_or_none() if one["pid"]]
        self.supervisor.send_signal(signal.SIGTERM)
        try:
            self.supervisor.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            for pid in pids:
                kill_group(pid)
            self.supervisor.kill()
            self.supervisor.wait()

    def _processes_or_none(self) -> list[dict[str, Any]]:
        try:
            return self.processes()
        except (OSError, http.client.HTTPException):  # the supervisor does not listen yet, or not any more
            return []

    def _receiver_answers(self) -> bool:
        state = own_state()
        return bool(state["alive"]) and Path(f"/proc/{state['pid']}").exists()

    def _web_answers(self) -> bool:
        host, port = self.env.web_address
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
        connection = http.client.HTTPConnection(host, port, timeout=2)
        try:
            connection.request("GET", "/healthz", headers={"Host": "localhost"})
            return connection.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


def last_words(process: dict[str, Any]) -> str:
    """What a process that does not start wrote last."""
    lines = Path(process["stdout_logfile"]).read_text(errors="replace").strip().splitlines() or ["nothing"]
    return f"{process['name']} does not start: {lines[-1]} (see {process['stdout_logfile']})"


def lock_folder(env: Environment) -> int:
    """Take the data folder for this process; raise `EnvironmentProblem` where another one has it."""
    env.run_dir.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(env.run_dir / "up.lock", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise EnvironmentProblem(f"librarian already runs on {env.data_dir}.") from None
    return descriptor


def kill_group(pid: int) -> None:
    """Kill a process and its children; supervisor gives each process a group of its own."""
    with contextlib.suppress(ProcessLookupError):  # it ended in the meantime
        os.killpg(pid, signal.SIGKILL)
