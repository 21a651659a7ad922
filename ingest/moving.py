"""Every row of a site's SQLite brought to MariaDB as it is, in batches; stopped anywhere, it goes on where it was."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from django.apps import apps
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Model, QuerySet, sql
from django.db.utils import DatabaseError

from environment import EnvironmentProblem
from ingest.move_target import TARGET, quoted, run

BATCH = 500
"""Rows in memory, in a statement and in a transaction."""
MADE_BY_MIGRATE: list[type[Model]] = [Permission, ContentType]


def source() -> BaseDatabaseWrapper:
    """The site's SQLite; raises `EnvironmentProblem` where it cannot be moved."""
    found: BaseDatabaseWrapper = connections[DEFAULT_DB_ALIAS]
    if found.vendor != "sqlite":
        raise EnvironmentProblem(
            "Nothing is moved: DATABASE_URL names MySQL or MariaDB already. Take it away until the move is done."
        )
    if not Path(found.settings_dict["NAME"]).exists():
        raise EnvironmentProblem(f"Nothing is moved: there is no {found.settings_dict['NAME']}.")
    executor = MigrationExecutor(found)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise EnvironmentProblem("The database here is of another version: run `manage.py migrate` first.")
    return found


def state(database: BaseDatabaseWrapper) -> str:
    """What tells whether anything was written since: everything brought into the one file, and that file's stamp."""
    with database.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        if cursor.fetchone()[0]:
            raise EnvironmentProblem("Another program uses the database: end it first.")
    facts = Path(database.settings_dict["NAME"]).stat()
    return f"{facts.st_ino}-{facts.st_mtime_ns}-{facts.st_size}"


def models() -> list[type[Model]]:
    """Everything that has a table, tables of many-to-many relations too; those with which `migrate` meddles first."""
    found = [one for one in apps.get_models(include_auto_created=True) if one._meta.managed and not one._meta.proxy]
    return [*reversed(MADE_BY_MIGRATE), *(one for one in found if one not in MADE_BY_MIGRATE)]


def rows(model: type[Model], using: str) -> QuerySet[Model]:
    """All rows of a table in one order, past any manager that would hide some."""
    return model._base_manager.using(using).order_by("pk")


def count(model: type[Model], using: str) -> int:
    """How many rows a table has."""
    return rows(model, using).count()


def copy(model: type[Model], progress: Callable[[int], None]) -> None:
    """Copy what is still missing; what is there came in the same order, whole batches at a time."""
    if model in MADE_BY_MIGRATE:
        replace(model)
        progress(count(model, TARGET))
        return
    done = count(model, TARGET)
    progress(done)
    missing = rows(model, DEFAULT_DB_ALIAS)
    if done:
        missing = missing.filter(pk__gt=last_copied(model, done))
    while batch := list(missing[:BATCH]):
        insert(model, batch)
        progress(len(batch))
        missing = missing.filter(pk__gt=batch[-1].pk)
    go_on_counting(model)


def last_copied(model: type[Model], done: int) -> object:
    """The key of the last row that came over; raise where the rows over there are not the first ones of here."""
    found = list(rows(model, DEFAULT_DB_ALIAS).values_list("pk", flat=True)[done - 1 : done])
    if not found or not rows(model, TARGET).filter(pk=found[0]).exists():
        raise EnvironmentProblem(
            f"Somebody wrote to {model._meta.db_table} of the new database since the move began: give an empty one."
        )
    return found[0]


def replace(model: type[Model]) -> None:
    """Put the source's rows in place of those that `migrate` made there, with other ids."""
    with transaction.atomic(using=TARGET):
        run(connections[TARGET], f"DELETE FROM {quoted(model._meta.db_table)}")  # noqa: S608
        write(model, list(rows(model, DEFAULT_DB_ALIAS)))


def insert(model: type[Model], batch: list[Model]) -> None:
    """Write rows in one transaction; where that fails one by one, to name the row that does not fit."""
    try:
        write(model, batch)
    except DatabaseError:
        for row in batch:
            try:
                write(model, [row])
            except DatabaseError as problem:
                raise EnvironmentProblem(refusal(row, problem)) from problem


def refusal(row: Model, problem: DatabaseError) -> str:
    """Why a row could not be written: the server is gone, or the row does not fit."""
    target: BaseDatabaseWrapper = connections[TARGET]
    try:
        target.close()
        target.ensure_connection()
    except DatabaseError:
        return f"The new database is gone ({problem.args[-1]}): run this again to go on."
    return (
        f"The row {row.pk} of {row._meta.db_table} does not fit into the new database: {problem.args[-1]}. "
        "Mend or remove it here, then run this again."
    )


def write(model: type[Model], batch: list[Model]) -> None:
    """Insert rows as they are, all or none; an ordinary save would give times and ids anew."""
    query = sql.InsertQuery(model)
    written = [field for field in model._meta.concrete_fields if not field.generated]  # those the database makes itself
    query.insert_values(written, batch, raw=True)
    if batch:
        with transaction.atomic(using=TARGET):
            query.get_compiler(using=TARGET).execute_sql(None)


def go_on_counting(model: type[Model]) -> None:
    """Let new ids follow the last one that was ever given here, so that none of a removed row comes again."""
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [model._meta.db_table])
        last = cursor.fetchone()
    if last:
        run(connections[TARGET], f"ALTER TABLE {quoted(model._meta.db_table)} AUTO_INCREMENT = {int(last[0]) + 1}")


def copy_all(tables: list[type[Model]], progress: Callable[[type[Model], int], None]) -> None:
    """Copy every table; keys into other tables are compared at the end, when all rows are there."""
    target: BaseDatabaseWrapper = connections[TARGET]
    with target.constraint_checks_disabled():
        for model in tables:
            copy(model, lambda rows, model=model: progress(model, rows))  # type: ignore[misc]
    target.check_constraints()
