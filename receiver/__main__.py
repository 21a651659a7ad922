"""`python -m receiver`: receive until SIGTERM; exit status 2 when it cannot start, 1 when it fails."""

from __future__ import annotations

import logging
import os
import sys
import time

import environment
import error_reports
import logs
from receiver.service import serve

SWITCH_SECONDS = 0.0005


def main() -> int:
    """Run the receiver; returns the exit status."""
    env = environment.stop_on_problem()
    # The site's zone for every local time in this process, such as the midnight at which imagehub.log rotates.
    os.environ["TZ"] = env.time_zone
    time.tzset()
    # While another thread shows or encodes a picture, a reply would wait for up to the default of 5 ms.
    sys.setswitchinterval(SWITCH_SECONDS)
    logs.configure()
    error_reports.start("receiver")
    log = logging.getLogger("receiver")
    try:
        serve(env)
    except environment.EnvironmentProblem as problem:
        environment.fail(str(problem))
    except PermissionError as problem:
        environment.fail(f"DATA_DIR={str(env.data_dir)!r} cannot be written: {problem}.")
    except Exception:  # the last stop: nothing may end this process without a trace and an exit status
        log.exception("the receiver failed")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
