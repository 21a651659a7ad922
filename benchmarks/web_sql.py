"""Rows by the million, made inside MariaDB: `INSERT … SELECT` from its tables of numbers (`seq_0_to_9`)."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.db.models import NOT_PROVIDED, Field, Model


def insert(model: type[Model], source: str, /, **columns: str) -> None:
    """Insert a row for each that `source` has, with SQL for some columns; the others get what Django would give them.

    A percent sign is written twice. Raises `ValueError` for a column that neither says anything of.
    """
    names, values, parameters = [], [], []
    for field in model._meta.concrete_fields:
        if field.primary_key and field.name not in columns:
            continue
        said, parameter = (columns[field.name], []) if field.name in columns else usual(field)
        names.append(f"`{field.column}`")
        values.append(said)
        parameters += parameter
    statement = f"INSERT INTO `{model._meta.db_table}` ({', '.join(names)}) SELECT {', '.join(values)} FROM {source}"
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def usual(field: Field[Any, Any]) -> tuple[str, list[Any]]:
    """SQL for a column that nothing is said of, and its parameters."""
    if field.has_default():
        return "%s", [field.get_db_prep_save(field.get_default(), connection)]
    if field.null:
        return "NULL", []
    if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        return "UTC_TIMESTAMP(6)", []
    if field.blank and field.default is NOT_PROVIDED and field.empty_strings_allowed:
        return "''", []
    raise ValueError(f"nothing says what {field} is to be")


def chance(salt: str, number: str) -> str:
    """SQL for a number from 0 to 1, below 1, that is always the same for the same number."""
    return f"(CRC32(CONCAT('{salt}', {number})) / 4294967296)"


def pick(salt: str, number: str, shares: dict[str, float]) -> str:
    """SQL for one of some texts, by their shares; the last one has the rest."""
    cases, below = [], 0.0
    *others, last = shares
    for text in others:
        below += shares[text]
        cases.append(f"WHEN {chance(salt, number)} < {below:.6f} THEN '{text}'")
    return f"(CASE {' '.join(cases)} ELSE '{last}' END)"


def uuid_of(salt: str, number: str) -> str:
    """SQL for a UUID, version 4 by its marks, that is always the same for the same number."""
    return f"INSERT(INSERT(MD5(CONCAT('{salt}', {number})), 13, 1, '4'), 17, 1, '8')"


def execute(statement: str) -> None:
    """Run one statement."""
    with connection.cursor() as cursor:
        cursor.execute(statement)


def analyse() -> None:
    """Tell the database how its rows are spread, as it finds out by itself in a while."""
    execute(f"ANALYZE TABLE {', '.join(f'`{name}`' for name in connection.introspection.table_names())}")
