"""The database out and in again, by the server's own tools: `mariadb-dump`, `mariadb`, SQLite's backup."""

from __future__ import annotations

import gzip
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.apps import apps
from django.db import connection
from django.db.backends.mysql.client import DatabaseClient

from environment import EnvironmentProblem

DUMP = ("mariadb-dump", "mysqldump")
CLIENT = ("mariadb", "mysql")
# One moment of all tables, row by row, without rights that librarian's user does not have.
OPTIONS = (
    "--single-transaction",
    "--quick",
    "--skip-lock-tables",
    "--skip-add-locks",
    "--no-tablespaces",
    "--hex-blob",
)
FILES = {"sqlite": "database.sqlite3.gz", "mysql": "database.sql.gz"}
BLOCK = 1 << 20


def dump(folder: Path) -> None:
    """Write the database, as it is at one moment, into that folder; raises `EnvironmentProblem`."""
    target = folder / FILES[connection.vendor]
    with gzip.open(target, "wb", compresslevel=1) as writer:
        if connection.vendor == "sqlite":
            with sqlite_copy(Path(connection.settings_dict["NAME"]), folder) as copy, copy.open("rb") as reader:
                shutil.copyfileobj(reader, writer, BLOCK)
            return
        command, env = command_of(DUMP, OPTIONS)
        with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as tool:
            assert tool.stdout and tool.stderr  # noqa: S101  pipes, as asked for
            shutil.copyfileobj(tool.stdout, writer, BLOCK)
            said = tool.stderr.read().decode(errors="replace").strip()
    if tool.returncode:
        raise EnvironmentProblem(f"The database could not be dumped: {said}")


def load(folder: Path, vendor: str) -> None:
    """Bring the database of a snapshot in, in place of whatever is there; raises `EnvironmentProblem`."""
    if vendor != connection.vendor:
        here = "SQLite" if connection.vendor == "sqlite" else "MariaDB or MySQL"
        raise EnvironmentProblem(
            f"The snapshot's database is of another kind than DATABASE_URL, which names {here}. Restore into the same "
            "kind, and move it with `manage.py move_database` afterwards."
        )
    connection.close()
    with gzip.open(folder / FILES[vendor], "rb") as reader:
        if vendor == "sqlite":
            target = Path(connection.settings_dict["NAME"])
            part = target.with_suffix(".part")
            with part.open("wb") as writer:
                shutil.copyfileobj(reader, writer, BLOCK)
            for rest in ("-wal", "-shm"):
                Path(f"{target}{rest}").unlink(missing_ok=True)
            part.rename(target)
            return
        command, env = command_of(CLIENT, ())
        with subprocess.Popen(command, env=env, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as tool:
            assert tool.stdin and tool.stderr  # noqa: S101  pipes, as asked for
            try:
                shutil.copyfileobj(reader, tool.stdin, BLOCK)
                tool.stdin.close()
            except BrokenPipeError:
                pass  # it says why below
            said = tool.stderr.read().decode(errors="replace").strip()
    if tool.returncode:
        raise EnvironmentProblem(f"The database could not be restored: {said}")


def clear() -> None:
    """Drop every table: what a dump does not know would stay beside what it brings. SQLite's file is replaced whole."""
    if connection.vendor == "sqlite":
        return
    with connection.cursor() as cursor, connection.constraint_checks_disabled():
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"DROP TABLE {connection.ops.quote_name(table)}")


def command_of(names: tuple[str, ...], options: tuple[str, ...]) -> tuple[list[str], dict[str, str]]:
    """A tool's command line and environment, which holds the password; raises `EnvironmentProblem`."""
    program = next(filter(None, map(shutil.which, names)), None)
    if program is None:
        raise EnvironmentProblem(f"There is no {names[0]} here: apt-get install mariadb-client.")
    (_, *rest), secret = DatabaseClient.settings_to_cmd_args_env(connection.settings_dict, [])
    charset = (
        [] if any(word.startswith("--default-character-set") for word in rest) else ["--default-character-set=utf8mb4"]
    )
    path = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}
    return [program, "--no-defaults", *charset, *options, *rest], path | (secret or {})


@contextmanager
def sqlite_copy(source: Path, folder: Path) -> Iterator[Path]:
    """A consistent copy of an SQLite file in that folder, also while others write; removed afterwards."""
    copy = folder / f"{source.name}.copy"
    with (
        closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as reader,
        closing(sqlite3.connect(copy)) as writer,
    ):
        reader.backup(writer, pages=4096)
    try:
        yield copy
    finally:
        copy.unlink()


def counts() -> dict[str, int]:
    """Rows of every table of ours."""
    models = [one for one in apps.get_models(include_auto_created=True) if one._meta.managed and not one._meta.proxy]
    return {one._meta.db_table: one._base_manager.count() for one in models}
