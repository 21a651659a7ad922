"""The database, the broker and the models: whether they can be reached, and are set so that nothing is lost."""

from __future__ import annotations

import time
from collections.abc import Iterator

import redis
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

import broker_url
import environment
from detections import precision
from ingest import broker_settings, database_checks, queues
from ingest.doctor.findings import Finding, doubtful, good, wrong

MOST_APART = 2.0
"""Seconds between two clocks."""


def models() -> Iterator[Finding]:
    """Whether detector and plate reader can be loaded."""
    found = precision.problems(environment.current())
    for line in found:
        yield wrong(line, "manage.py models prepare")
    if not found:
        env = environment.current()
        yield good(f"detector {env.detector}, plate reader {env.plate_reader}: files as they should be")


def database() -> Iterator[Finding]:
    """Whether it answers, is set up right, and has the tables of this version."""
    found = database_checks.check_database(databases=["default"])
    for one in found:
        yield (wrong if one.is_serious() else doubtful)(str(one.msg), str(one.hint or "See docs/databases.md."))
    if any(one.is_serious() for one in found):
        return
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        yield wrong(
            f"{len(missing)} changes of the tables are to be made", "manage.py prepare, or start librarian anew."
        )
    else:
        yield good(f"{connection.display_name} {_version()} answers, its tables are those of this version")


def _version() -> str:
    return ".".join(map(str, connection.get_database_version()))


def broker() -> Iterator[Finding]:
    """Whether it answers, and loses nothing."""
    try:
        lines = broker_settings.problems(queues.client())
        found = queues.client().info("server")
    except redis.RedisError as problem:
        yield wrong(f"the broker does not answer ({broker_url.explain(problem)})", "Start it; is REDIS_URL right?")
        return
    for line in lines:
        yield doubtful(line, "docs/broker.md")
    yield good(f"broker {found.get('valkey_version') or found.get('redis_version')} answers")


def clocks_of_servers() -> Iterator[Finding]:
    """Whether the database's and the broker's clocks go as this one does."""
    try:
        seconds, microseconds = queues.client().time()
    except redis.RedisError:
        return  # `broker` says so
    yield _compared("broker", seconds + microseconds / 1e6)
    if connection.vendor == "mysql":
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT UNIX_TIMESTAMP(NOW(6))")
                yield _compared("database", float(cursor.fetchone()[0]))
        except DatabaseError:
            return  # `database` says so


def _compared(whose: str, told: float) -> Finding:
    apart = abs(told - time.time())
    if apart > MOST_APART:
        return doubtful(f"the clock of the {whose} is {apart:.0f} s from this one", "Synchronise both (NTP).")
    return good(f"the clock of the {whose} agrees with this one")
