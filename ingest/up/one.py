"""`python -m ingest.up.one NAME`: become one of the processes that `up` starts, for systemd and containers."""

from __future__ import annotations

import os
import sys

import environment
from environment import BASE_DIR
from ingest.up.processes import WATCHED, own_processes


def main(arguments: list[str]) -> None:
    """Run that process in place of this one; end with exit status 2 and a line where there is none of that name."""
    env = environment.stop_on_problem()
    commands = {one.name: one.command for one in own_processes(env)}
    if len(arguments) != 1 or arguments[0] not in commands:
        environment.fail(f"python -m ingest.up.one wants one of {', '.join(commands)}, not {' '.join(arguments)!r}.")
    command = commands[arguments[0]]
    if arguments[0].startswith(WATCHED) and "NOTIFY_SOCKET" not in os.environ:  # systemd does it itself
        command = (sys.executable, "-m", "ingest.up.guard", arguments[0], str(env.hung_seconds), *command)
    os.chdir(BASE_DIR)
    os.execv(command[0], command)  # noqa: S606


if __name__ == "__main__":
    main(sys.argv[1:])
