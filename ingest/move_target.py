"""The database that a site moves to: reached, checked, and known to hold nothing but this move."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import DatabaseError

import database_url
from environment import EnvironmentProblem
from ingest import database_checks

TARGET = "target"
MARKER = "librarian_move"
"""A table that stands in the target while a move goes on; it names the state of the source that is being copied."""
MADE_BY_MIGRATE = {"django_migrations", "django_content_type", "auth_permission"}


def connect(url: str) -> BaseDatabaseWrapper:
    """Make the address Django's database `target`; raise `EnvironmentProblem` where it cannot serve."""
    default = connections.settings[DEFAULT_DB_ALIAS]
    both: dict[str, Any] = {DEFAULT_DB_ALIAS: default, TARGET: database_url.config(url)}
    connections.settings[TARGET] = connections.configure_settings(both)[TARGET]
    connection: BaseDatabaseWrapper = connections[TARGET]
    if connection.vendor != "mysql":
        raise EnvironmentProblem("A site moves to MariaDB or MySQL: the address starts with mysql://.")
    stop_at(database_checks.check_database(databases=[TARGET]))
    database_checks.lift_time_outs(TARGET)
    return connection


def stop_at(found: list[Any]) -> None:
    """Raise what the checks found."""
    serious = [one for one in found if one.is_serious()]
    if serious:
        raise EnvironmentProblem("\n".join(f"{one.msg} {one.hint or ''}".strip() for one in serious))


def moving_from(connection: BaseDatabaseWrapper) -> str:
    """The state of the source whose move into this database was begun; nothing where none was."""
    if MARKER not in connection.introspection.table_names():
        return ""
    found = rows(connection, "SELECT source FROM librarian_move")
    return str(found[0][0]) if found else ""


def refuse_foreign_rows(connection: BaseDatabaseWrapper) -> None:
    """Raise where the target holds rows although no move into it was begun."""
    tables = set(connection.introspection.table_names()) - MADE_BY_MIGRATE - {MARKER}
    held = [one for one in sorted(tables) if rows(connection, f"SELECT 1 FROM {quoted(one)} LIMIT 1")]  # noqa: S608
    if held:
        raise EnvironmentProblem(
            f"The new database already holds rows, in {', '.join(held)}, and none of a move that goes on. "
            "Give an empty one: nothing there is overwritten."
        )


def prepare(connection: BaseDatabaseWrapper, source: str) -> bool:
    """Make tables and marker; whether an earlier move goes on. One of another state of the source begins anew."""
    before = moving_from(connection)
    if not before:
        refuse_foreign_rows(connection)
        run(connection, "CREATE TABLE IF NOT EXISTS librarian_move (source varchar(190) NOT NULL)")
        run(connection, "INSERT INTO librarian_move (source) VALUES (%s)", source)
    elif before != source:
        clear(connection)
        run(connection, "UPDATE librarian_move SET source = %s", source)
    try:
        call_command("migrate", database=TARGET, interactive=False, verbosity=0)
    except DatabaseError as problem:
        raise EnvironmentProblem(" ".join(database_checks.in_words(problem, connection))) from problem
    return before == source


def clear(connection: BaseDatabaseWrapper) -> None:
    """Remove the rows of an earlier move."""
    with connection.constraint_checks_disabled():
        for table in connection.introspection.table_names():
            if table not in {MARKER, "django_migrations"}:
                run(connection, f"TRUNCATE TABLE {quoted(table)}")


def finish(connection: BaseDatabaseWrapper) -> None:
    """Take the marker away: from now on the database is a site's."""
    run(connection, "DROP TABLE librarian_move")


def quoted(name: str) -> str:
    """A table's name as it stands in a statement."""
    return f"`{name.replace('`', '``')}`"


def run(connection: BaseDatabaseWrapper, statement: str, *parameters: str) -> None:
    """Run a statement."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def rows(connection: BaseDatabaseWrapper, query: str) -> list[tuple[Any, ...]]:
    """What a query gives."""
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())
