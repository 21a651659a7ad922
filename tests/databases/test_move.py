"""A site that began on SQLite moves to MariaDB with everything it has."""

from __future__ import annotations

import fcntl
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
import requests

from tests.databases.conftest import EVENTS, embedded, filling
from tests.harness import DRIVES, ROOT, eventually, installation, manage
from tests.sites import ON_MARIADB, mariadb

pytestmark = pytest.mark.skipif(not ON_MARIADB, reason="about servers; the run on MariaDB has them")


def move(env: dict[str, str], name: str, *options: str) -> subprocess.CompletedProcess[str]:
    return manage(env, "move_database", mariadb("sites").url(name), *options)


def on_mariadb(env: dict[str, str], name: str) -> dict[str, str]:
    return env | {"DATABASE_URL": mariadb("sites").url(name)}


def sqlite(env: dict[str, str], statement: str) -> None:
    with closing(sqlite3.connect(Path(env["DATA_DIR"]) / "librarian.sqlite3")) as database:
        database.execute("PRAGMA foreign_keys = ON")
        database.execute(statement)
        database.commit()


def copied(name: str) -> int:
    tables = mariadb("sites").sql("SHOW TABLES LIKE 'cameras_event'", name)
    return int(mariadb("sites").sql("SELECT count(*) FROM cameras_event", name)) if tables else 0


def same(env: dict[str, str], name: str) -> bool:
    return filling(env, "dump") == filling(on_mariadb(env, name), "dump")


def test_it_brings_every_row_and_the_site_goes_on(filled: tuple[Path, str], site: dict[str, str], name: str) -> None:
    sqlite(site, "DELETE FROM cameras_event WHERE id = (SELECT max(id) FROM cameras_event)")
    done = move(site, name)
    assert done.returncode == 0, done.stderr
    assert f"DATABASE_URL='{mariadb('sites').url(name)}'" in done.stdout.splitlines()
    assert ["cameras_event", "12,002", "12,002"] in [line.split() for line in done.stdout.splitlines()]
    assert same(site, name)
    password = filled[1].partition("with the password ")[2].split()[0]
    with installation(Path(site["DATA_DIR"]), on_mariadb(site, name)) as running:
        assert "password" not in "\n".join(running.banner)
        with requests.Session() as browser:
            browser.get(f"{running.web}/login/")
            form = {"username": "admin", "password": password, "csrfmiddlewaretoken": browser.cookies["csrftoken"]}
            assert "/login/" not in browser.post(f"{running.web}/login/", data=form).url
            assert browser.get(f"{running.web}/admin/cameras/event/").ok
        running.send("gate Driveway|jpg", DRIVES[0].read_bytes())
        eventually(lambda: running.count("SELECT count(*) FROM cameras_image WHERE path LIKE '%gate-Driveway%'") == 1)


def test_ids_of_removed_rows_are_not_given_again(site: dict[str, str], name: str) -> None:
    sqlite(site, "DELETE FROM cameras_event WHERE kind = 'Temp'")
    assert move(site, name).returncode == 0
    following = mariadb("sites").sql(
        "SELECT auto_increment FROM information_schema.tables "
        f"WHERE table_schema = '{name}' AND table_name = 'cameras_event'"
    )
    assert int(following) == EVENTS + 4


def test_the_site_that_is_moved_stays_as_it_is(site: dict[str, str], name: str) -> None:
    """Migrations change the new database alone: what one once changed in old rows, people may have chosen since."""
    sqlite(site, "UPDATE cameras_node SET silent_after_minutes = 15")
    sqlite(site, "UPDATE cameras_camera SET min_score = 0.25")
    before = filling(site, "dump")
    assert move(site, name).returncode == 0
    assert filling(site, "dump") == before
    assert same(site, name)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_stopped_in_the_middle_it_goes_on(site: dict[str, str], name: str, number: signal.Signals) -> None:
    stop_in_the_middle(site, name, number)
    before = copied(name)
    assert 0 < before < EVENTS
    done = move(site, name)
    assert done.returncode == 0, done.stderr
    assert "Going on where the last move stopped." in done.stdout
    assert same(site, name)


def test_it_begins_anew_when_the_site_has_run_meanwhile(site: dict[str, str], name: str) -> None:
    stop_in_the_middle(site, name, signal.SIGKILL)
    sqlite(site, "UPDATE cameras_event SET text = 'changed' WHERE id = 1")
    done = move(site, name)
    assert done.returncode == 0, done.stderr
    assert "Going on" not in done.stdout
    assert same(site, name)


def stop_in_the_middle(env: dict[str, str], name: str, number: signal.Signals) -> None:
    command = [sys.executable, "manage.py", "move_database", mariadb("sites").url(name)]
    process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    eventually(lambda: copied(name) > 0, what=lambda: process.poll() and process.communicate())
    process.send_signal(number)
    output, errors = process.communicate(timeout=30)
    assert "Traceback" not in errors
    assert process.returncode == (130 if number == signal.SIGINT else -number), output


def test_a_dry_run_counts_and_changes_nothing(site: dict[str, str], name: str) -> None:
    done = move(site, name, "--dry-run")
    assert done.returncode == 0, done.stderr
    assert ["cameras_event", "12,003"] in [line.split() for line in done.stdout.splitlines()]
    assert mariadb("sites").sql("SHOW TABLES", name) == ""


def refused(env: dict[str, str], name: str) -> str:
    done = move(env, name)
    assert done.returncode == 2, done.stdout
    assert done.stderr.startswith("librarian: ")
    assert len(done.stderr.splitlines()) == 1
    return done.stderr


def test_it_overwrites_nothing(site: dict[str, str], name: str) -> None:
    mariadb("sites").sql("CREATE TABLE theirs (n int); INSERT INTO theirs VALUES (1)", name)
    assert "already holds rows, in theirs," in refused(site, name)
    mariadb("sites").sql("DROP TABLE theirs", name)
    assert move(site, name).returncode == 0
    assert "already holds rows, in accounts_user," in refused(site, name)


def test_it_refuses_while_librarian_runs(site: dict[str, str], name: str) -> None:
    lock = Path(site["DATA_DIR"]) / "run" / "up.lock"
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert "librarian already runs on" in refused(site, name)
    assert mariadb("sites").sql("SHOW TABLES", name) == ""


def test_it_needs_something_to_move_and_somewhere_to_move_to(site: dict[str, str], name: str, tmp_path: Path) -> None:
    assert "DATABASE_URL names MySQL or MariaDB already" in refused(on_mariadb(site, name), name)
    assert "there is no " in refused(embedded(tmp_path / "empty"), name)
    assert not list((tmp_path / "empty").glob("*.sqlite3"))
    assert "The new database cannot be used: Access denied" in refused(site, "not_mine")
    done = manage(site, "move_database", f"sqlite:///{tmp_path}/other.sqlite3")
    assert done.stderr.startswith("librarian: A site moves to MariaDB or MySQL")


@pytest.mark.parametrize(
    ("statement", "said", "mend"),
    [
        ("UPDATE cameras_node SET hostname = printf('%.70c', 'x') WHERE id = 2", "Data too long", "hostname = ''"),
        ("UPDATE accounts_user SET username = 'ADMIN' WHERE id = 2", "Duplicate entry 'ADMIN'", "username = 'other'"),
    ],
)
def test_a_row_that_does_not_fit_is_named(
    site: dict[str, str], name: str, statement: str, said: str, mend: str
) -> None:
    sqlite(site, statement)
    table = statement.split()[1]
    line = refused(site, name)
    assert f"The row 2 of {table} does not fit into the new database: {said}" in line
    sqlite(site, f"UPDATE {table} SET {mend} WHERE id = 2")
    assert move(site, name).returncode == 0
    assert same(site, name)
