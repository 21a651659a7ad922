"""Django's settings for a DATABASE_URL, with the options that each engine needs under several writers."""

from __future__ import annotations

from typing import Any

import environ

from environment import EnvironmentProblem


def config(url: str) -> dict[str, Any]:
    """The settings of one database; raises `EnvironmentProblem` where the client for it is not installed."""
    found: dict[str, Any] = dict(environ.Env.db_url_config(url))
    if "sqlite3" in found["ENGINE"]:
        # Immediate transactions take the write lock at their start, so that waiting for it honours the timeout;
        # a deferred one that turns to writing fails at once with "database is locked".
        found["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-16000;",
        }
    else:
        try:
            import MySQLdb  # type: ignore[import-untyped]  # noqa: F401
        except ImportError:
            raise EnvironmentProblem(
                "DATABASE_URL names MySQL or MariaDB, and the client is not installed: .venv/bin/pip install -r "
                "requirements.txt (`make run` does it; it builds with gcc, pkg-config, python3-dev and libmariadb-dev)."
            ) from None
        found["CONN_MAX_AGE"] = 60
        found["CONN_HEALTH_CHECKS"] = True
        # The time-outs are seconds: a server that is gone or hangs is an error soon, which tasks know how to outlast.
        found["OPTIONS"] = {
            "charset": "utf8mb4",
            "isolation_level": "read committed",
            "connect_timeout": 5,
            "read_timeout": 15,
            "write_timeout": 15,
        } | found.get("OPTIONS", {})
    return found
