"""`manage.py upgrade` whose third migration does its work and then fails, or is killed:

python -m tests.databases.upgrading_badly {fail,stop,kill}
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

LAST = 3


def main() -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db.migrations.executor import MigrationExecutor

    original, done = MigrationExecutor.apply_migration, 0

    def badly(self: MigrationExecutor, *arguments: Any, **named: Any) -> Any:
        nonlocal done
        state = original(self, *arguments, **named)
        done += 1
        if done == LAST and sys.argv[1] == "fail":
            raise RuntimeError("no such column: swallow")
        if done == LAST:
            os.kill(os.getpid(), signal.SIGINT if sys.argv[1] == "stop" else signal.SIGKILL)
        return state

    MigrationExecutor.apply_migration = badly  # type: ignore[method-assign]
    call_command("upgrade")


if __name__ == "__main__":
    main()
