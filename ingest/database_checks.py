"""System checks of a MariaDB or MySQL server: what would lose data or give wrong answers later stops the start.

They run with `manage.py prepare`, so at every start, with `migrate`, and with `check --database default`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks.database import check_database_backends
from django.core.checks.registry import registry
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.signals import pre_migrate
from django.db.utils import DatabaseError, InterfaceError, NotSupportedError

import environment

MENDS = {
    1044: "Give the user rights on the database; docs/databases.md has the statement.",
    1045: "The user or the password in the address is wrong.",
    1049: "Make it: CREATE DATABASE `{name}` CHARACTER SET utf8mb4;",
    1142: "Give the user rights on the database; docs/databases.md has the statement.",
    2002: "The server does not run, or host and port in the address are wrong.",
    2003: "The server does not run, or host and port in the address are wrong.",
    2005: "The host in the address is wrong.",
}
Found = Iterator[tuple[str, str, str]]
"""Number of the check, what is wrong, how to mend it."""

# Django's own check connects without catching anything; ours calls it once the server has answered.
registry.registered_checks.discard(check_database_backends)


@register(Tags.database)
def check_database(
    app_configs: Sequence[Any] | None = None, databases: Sequence[str] | None = None, **_: Any
) -> list[CheckMessage]:
    """Everything that is wrong with the servers of these databases."""
    found: list[CheckMessage] = []
    for alias in databases or ():
        problem = reach(connections[alias])
        if problem:
            found.append(problem)
        elif connections[alias].vendor == "mysql":
            found += server_problems(connections[alias])
    if not found:
        found += check_database_backends(databases=databases)
    return found


def reach(connection: BaseDatabaseWrapper) -> Error | None:
    """Connect; what keeps us from it."""
    if connection.vendor == "mysql" and not connection.settings_dict["NAME"]:
        return Error(f"{called(connection)} names no database.", hint="End it with /name.", id="ingest.E010")
    try:
        connection.ensure_connection()
    except NotSupportedError as problem:
        return Error(f"{called(connection)}: {str(problem).rstrip('.')}.", hint="Upgrade the server.", id="ingest.E011")
    except (DatabaseError, InterfaceError) as problem:
        return Error(*in_words(problem, connection), id="ingest.E010")
    except TypeError as problem:  # the client's word for an option that it does not know
        return Error(f"{called(connection)}: {problem}.", hint="Remove that option from its end.", id="ingest.E010")
    return None


def in_words(problem: Exception, connection: BaseDatabaseWrapper) -> tuple[str, str]:
    """A database's complaint and how to mend it, each one line; no complaint quotes the password."""
    code, text = problem.args[:2] if len(problem.args) > 1 else (0, str(problem))
    mend = MENDS.get(int(code), "See docs/databases.md.").format(name=connection.settings_dict["NAME"])
    return f"{called(connection)} cannot be used: {' '.join(str(text).split()).rstrip('.')}.", mend


def not_ready(problem: Exception) -> str:
    """One line for a command that found no tables, or no database, where it was told to look."""
    data_dir = environment.current().data_dir
    return f"the database is not ready ({problem}); `make run` prepares it. DATA_DIR is {data_dir}"


def called(connection: BaseDatabaseWrapper) -> str:
    """The name under which a person knows a database."""
    return "DATABASE_URL" if connection.alias == DEFAULT_DB_ALIAS else "The new database"


def server_problems(connection: BaseDatabaseWrapper) -> list[CheckMessage]:
    """What is wrong with a server that answers."""
    found: list[CheckMessage] = []
    for check in (character_set, strict_mode, storage_engine, time_zones):
        found += [Error(text, hint=mend, id=f"ingest.{number}") for number, text, mend in check(connection)]
    return found


def character_set(connection: BaseDatabaseWrapper) -> Found:
    """Names and messages may hold any character."""
    name = connection.settings_dict["NAME"]
    [[charset]] = rows(connection, "SELECT @@character_set_database")
    if charset != "utf8mb4":
        mend = f"ALTER DATABASE `{name}` CHARACTER SET utf8mb4;"
        yield "E012", f"The database {name} has the character set {charset}, which cannot hold every name.", mend
    for (table,) in rows(connection, TABLES + "AND table_collation NOT LIKE 'utf8mb4%%'"):
        mend = f"ALTER TABLE `{name}`.`{table}` CONVERT TO CHARACTER SET utf8mb4;"
        yield "E012", f"The table {table} has another character set than utf8mb4.", mend


def strict_mode(connection: BaseDatabaseWrapper) -> Found:
    """Without it a value that does not fit is cut, without a word."""
    [[modes]] = rows(connection, "SELECT @@sql_mode")
    if not {"STRICT_TRANS_TABLES", "STRICT_ALL_TABLES"} & set(modes.split(",")):
        mend = "SET GLOBAL sql_mode = CONCAT(@@GLOBAL.sql_mode, ',STRICT_TRANS_TABLES'); and the same in its my.cnf."
        yield "E013", "The server does not run in strict mode and would cut values that do not fit.", mend


def storage_engine(connection: BaseDatabaseWrapper) -> Found:
    """Only InnoDB has the transactions that everything here relies on."""
    name = connection.settings_dict["NAME"]
    [[engine]] = rows(connection, "SELECT @@default_storage_engine")
    if engine != "InnoDB":
        mend = "SET GLOBAL default_storage_engine = InnoDB; and the same in its my.cnf."
        yield "E014", f"The server makes tables with {engine}, which has no transactions.", mend
    for (table,) in rows(connection, TABLES + "AND engine <> 'InnoDB'"):
        yield "E014", f"The table {table} is not kept by InnoDB.", f"ALTER TABLE `{name}`.`{table}` ENGINE = InnoDB;"


def time_zones(connection: BaseDatabaseWrapper) -> Found:
    """Without its tables every day of the calendar is empty, without a word."""
    zone = settings.TIME_ZONE
    [[time]] = rows(connection, "SELECT CONVERT_TZ('2026-07-01 12:00:00', 'UTC', %s)", zone)
    if time is None and zone != "UTC":
        maria = connection.mysql_is_mariadb  # type: ignore[attr-defined]
        program, client = ("mariadb-tzinfo-to-sql", "mariadb") if maria else ("mysql_tzinfo_to_sql", "mysql")
        mend = f"As the server's administrator: {program} /usr/share/zoneinfo | {client} mysql"
        yield "E015", f"The server does not know the time zone {zone}: its tables of time zones are not filled.", mend


TABLES = "SELECT table_name FROM information_schema.tables WHERE table_schema = database() AND engine IS NOT NULL "


def rows(connection: BaseDatabaseWrapper, query: str, *parameters: str) -> list[tuple[Any, ...]]:
    """What a query gives."""
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return list(cursor.fetchall())


def lift_time_outs(using: str, **_: Any) -> None:
    """A migration may rewrite a large table, which takes as long as it takes."""
    connection = connections[using]
    options = connection.settings_dict["OPTIONS"]
    if connection.vendor == "mysql" and {"read_timeout", "write_timeout"} & set(options):
        for name in ("read_timeout", "write_timeout"):
            options.pop(name, None)
        connection.close()


pre_migrate.connect(lift_time_outs, dispatch_uid="ingest.lift_time_outs")
