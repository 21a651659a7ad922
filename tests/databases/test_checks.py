"""A database that would fail or give wrong answers is named before anything uses it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

import database_url
from ingest.up.broker import free_port
from tests.harness import ROOT, manage, private_env
from tests.isolation import DATA_DIR
from tests.mariadb import LEAST_PRIVILEGES, PASSWORD, MariaDB
from tests.sites import ON_MARIADB, mariadb

pytestmark = pytest.mark.skipif(not ON_MARIADB, reason="about servers; the run on MariaDB has them")


@pytest.fixture(scope="module")
def careless() -> Iterator[MariaDB]:
    """A server as nobody should set it up."""
    server = MariaDB("--sql-mode=", "--default-storage-engine=Aria", time_zones=False)
    yield server
    server.remove()


@pytest.fixture(scope="module")
def bare() -> Iterator[MariaDB]:
    """A fresh server as Debian sets it up: without the tables of time zones."""
    server = MariaDB(time_zones=False)
    yield server
    server.remove()


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "models").symlink_to(DATA_DIR / "models")
    return private_env(tmp_path)


def refused(env: dict[str, str], url: str, *command: str) -> str:
    """What a command says that must not start with this DATABASE_URL."""
    done = manage(env | {"DATABASE_URL": url}, *(command or ("prepare",)))
    assert done.returncode, done.stdout
    assert "Traceback" not in done.stderr
    assert PASSWORD not in done.stdout + done.stderr
    assert quote(PASSWORD, safe="") not in done.stdout + done.stderr
    return done.stderr


ZONES = "The server does not know the time zone Europe/Berlin: its tables of time zones are not filled."
MEND = "As the server's administrator: mariadb-tzinfo-to-sql /usr/share/zoneinfo | mariadb mysql"


def test_missing_time_zones_stop_the_start_before_any_table_is_made(bare: MariaDB, env: dict[str, str]) -> None:
    url = bare.create("zones")
    assert refused(env, url) == f"librarian: {ZONES} {MEND}\n"
    assert bare.sql("SHOW TABLES", "zones") == ""


@pytest.mark.parametrize("command", [("migrate",), ("check", "--database", "default")])
def test_the_usual_commands_say_it_too(bare: MariaDB, env: dict[str, str], command: tuple[str, ...]) -> None:
    said = refused(env, bare.create("zones"), *command)
    assert ZONES in said
    assert MEND in said
    assert bare.sql("SHOW TABLES", "zones") == ""


def test_the_mends_mend(careless: MariaDB, env: dict[str, str]) -> None:
    """Every line that `prepare` prints has its cure in it, done here as printed until nothing is left."""
    url = careless.create("careless", "latin1")
    said = refused(env, url).removeprefix("librarian: ").splitlines()
    assert [line.split(" ")[:3] for line in said] == [
        ["The", "database", "careless"],
        ["The", "server", "does"],
        ["The", "server", "makes"],
        ["The", "server", "does"],
    ]
    for line, statement in zip(said, ("ALTER DATABASE", "SET GLOBAL", "SET GLOBAL", ""), strict=True):
        if statement:
            careless.sql(statement + line.partition(statement)[2].split(";")[0])
    careless.load_time_zones()
    assert manage(env | {"DATABASE_URL": url}, "check", "--database", "default").returncode == 0


def test_tables_of_another_kind_are_named(careless: MariaDB, env: dict[str, str]) -> None:
    url = careless.create("tables")
    careless.sql("CREATE TABLE old (name varchar(9)) ENGINE=MyISAM CHARACTER SET latin1", "tables")
    said = refused(env, url)
    assert "The table old is not kept by InnoDB. ALTER TABLE `tables`.`old` ENGINE = InnoDB;" in said
    assert "ALTER TABLE `tables`.`old` CONVERT TO CHARACTER SET utf8mb4;" in said


def test_an_old_server_is_refused(env: dict[str, str]) -> None:
    server = MariaDB("--version=10.4.31-MariaDB")
    try:
        assert "MariaDB 10.5 or later is required" in refused(env, server.create("old"))
    finally:
        server.remove()


def test_what_keeps_it_from_connecting_is_named(bare: MariaDB, env: dict[str, str]) -> None:
    bare.create("mine")
    start = "librarian: DATABASE_URL cannot be used: "
    said = refused(env, bare.url("mine", password="wrong"))
    assert said.startswith(f"{start}Access denied for user 'librarian'")
    assert said.endswith("The user or the password in the address is wrong.\n")
    assert "no rights" not in said
    assert "Give the user rights on the database" in refused(env, bare.url("another"))
    root = bare.url("another", "root", "").replace(":@127.0.0.1", "@localhost") + f"?unix_socket={bare.socket}"
    assert "CREATE DATABASE `another` CHARACTER SET utf8mb4;" in refused(env, root)
    assert refused(env, bare.url("")) == "librarian: DATABASE_URL names no database. End it with /name.\n"
    gone = f"mysql://librarian:{quote(PASSWORD, safe='')}@127.0.0.1:{free_port()}/mine"
    assert "The server does not run" in refused(env, gone)
    assert "The host in the address is wrong" in refused(env, "mysql://u:p@no-such-host.invalid/mine")
    assert "'colour' is an invalid keyword" in refused(env, bare.url("mine") + "?colour=red")


def test_a_user_without_the_right_to_make_tables_is_told(env: dict[str, str]) -> None:
    server = mariadb("sites")
    server.create("looking")
    server.sql("CREATE USER IF NOT EXISTS onlooker@'%' IDENTIFIED BY 'only-a-look'")
    server.sql("GRANT SELECT ON looking.* TO onlooker@'%'")
    said = refused(env, server.url("looking", "onlooker", "only-a-look"))
    assert "CREATE command denied" in said
    assert "only-a-look" not in said
    assert len(said.splitlines()) == 1


def test_a_missing_client_is_named(tmp_path: Path, env: dict[str, str]) -> None:
    (tmp_path / "MySQLdb.py").write_text("raise ImportError\n")
    command = [sys.executable, "manage.py", "prepare"]
    hidden = env | {"PYTHONPATH": str(tmp_path)}
    done = subprocess.run(command, cwd=ROOT, env=hidden, capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr.startswith("librarian: DATABASE_URL names MySQL or MariaDB, and the client is not installed")
    assert len(done.stderr.splitlines()) == 1


def test_a_server_that_hangs_is_an_error_and_not_a_wait(bare: MariaDB, tmp_path: Path) -> None:
    query = (
        "import os, signal, django; django.setup()\n"
        "from django.db import connection\n"
        "connection.ensure_connection()\n"
        f"os.kill({bare.pid}, signal.SIGSTOP)\n"
        "connection.cursor().execute('SELECT 1')\n"
    )
    url = bare.create("hanging")
    assert 0 < database_url.config(url)["OPTIONS"]["read_timeout"] < 30
    env = os.environ | {"DATABASE_URL": f"{url}?read_timeout=2", "DATA_DIR": str(tmp_path)}
    try:
        done = subprocess.run(
            [sys.executable, "-c", query], cwd=ROOT, env=env, capture_output=True, text=True, timeout=120
        )
    finally:
        bare.process.resume()
    assert "django.db.utils.OperationalError" in done.stderr


@pytest.fixture
def fresh() -> Iterator[MariaDB]:
    """A server that no other test has touched."""
    server = MariaDB(time_zones=False)
    yield server
    server.remove()


def test_what_the_documentation_tells_to_do_is_enough(fresh: MariaDB, env: dict[str, str]) -> None:
    page = (ROOT / "docs" / "databases.md").read_text()
    statements = page.partition("```sql\n")[2].partition("```")[0]
    assert LEAST_PRIVILEGES in statements
    fresh.sql(statements)
    fresh.load_time_zones()
    url = f"mysql://librarian:a-long-password@localhost/librarian?unix_socket={fresh.socket}"
    assert f"DATABASE_URL='{url.partition('?')[0]}'\n" in page
    assert manage(env | {"DATABASE_URL": url}, "check", "--database", "default", "--fail-level", "WARNING").stderr == ""
    assert manage(env | {"DATABASE_URL": url}, "migrate").returncode == 0
