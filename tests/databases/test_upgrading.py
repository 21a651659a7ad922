"""A real site with tables of an older version is brought up to date, or is left as it was."""

from __future__ import annotations

import fcntl
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.databases.conftest import filling
from tests.harness import ROOT, manage, private_env
from tests.isolation import DATA_DIR
from tests.sites import connect

OLDER = {"cameras": "0011", "rollups": "0001", "plates": "0006", "detections": "0003"}
TABLES = ("cameras_image", "cameras_event", "cameras_visit", "plates_plate", "plates_sighting", "detections_detection")
Rows = dict[str, list[tuple[object, ...]]]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a site that is full, and as old as `OLDER`; each test leaves it so."""
    folder = tmp_path_factory.mktemp("older")
    (folder / "models").symlink_to(DATA_DIR / "models")
    env = private_env(folder) | {"DJANGO_SETTINGS_MODULE": "librarian_project.settings"}
    assert manage(env, "prepare").returncode == 0
    filling(env, "fill", "50")
    back = "import django; django.setup(); from django.core.management import call_command\n"
    back += "".join(f"call_command('migrate', '{app}', '{number}', verbosity=0)\n" for app, number in OLDER.items())
    subprocess.run([sys.executable, "-c", back], cwd=ROOT, env=env, check=True)
    return env


def badly(env: dict[str, str], how: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.databases.upgrading_badly", how]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)


def execute(env: dict[str, str], statement: str) -> list[tuple[object, ...]]:
    """The rows that a statement gives."""
    with closing(connect(Path(env["DATA_DIR"]), env["DATABASE_URL"])) as connection:
        cursor = connection.cursor()
        cursor.execute(statement)
        found = cursor.fetchall()
        connection.commit()
        return sorted(found, key=repr)


def everything(env: dict[str, str]) -> Rows:
    """What ran, and all rows of some tables."""
    found = {table: execute(env, f"SELECT * FROM {table}") for table in TABLES}
    return found | {"migrations": execute(env, "SELECT app, name FROM django_migrations")}


def keys(env: dict[str, str]) -> Rows:
    """The keys of all rows of these tables, whatever columns they have."""
    return {table: execute(env, f"SELECT id FROM {table}") for table in TABLES}


def test_an_older_site_is_brought_up_to_date_and_can_go_back(site: dict[str, str]) -> None:
    before, ids = everything(site), keys(site)
    done = manage(site, "upgrade")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "tables were checked" in done.stdout and "fewer rows" not in done.stdout, done.stdout
    assert keys(site) == ids
    assert "The tables are up to date" in manage(site, "upgrade").stdout
    assert manage(site, "upgrade", "--back").returncode == 0
    assert everything(site) == before


@pytest.mark.parametrize(("how", "status", "said"), [("fail", 1, "no such column: swallow"), ("stop", 130, "Stopped")])
def test_where_a_migration_fails_the_tables_are_as_they_were(
    site: dict[str, str], how: str, status: int, said: str
) -> None:
    before = everything(site)
    done = badly(site, how)
    assert done.returncode == status and said in done.stdout, done.stdout + done.stderr
    assert everything(site) == before


def test_an_upgrade_that_was_killed_is_put_back_by_the_next_one_and_nothing_starts_before(site: dict[str, str]) -> None:
    before, ids = everything(site), keys(site)
    assert badly(site, "kill").returncode == -9
    assert everything(site)["migrations"] != before["migrations"]
    done = manage(site, "prepare")
    assert done.returncode == 2 and "make upgrade" in done.stderr
    done = manage(site, "upgrade")
    assert done.returncode == 0 and "was cut off" in done.stdout, done.stdout + done.stderr
    assert keys(site) == ids
    assert manage(site, "upgrade", "--back").returncode == 0
    assert everything(site) == before


def test_it_refuses_while_librarian_runs_and_tables_of_a_newer_version(site: dict[str, str]) -> None:
    with Path(site["DATA_DIR"], "run/up.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = manage(site, "upgrade")
        assert done.returncode == 2 and "Stop it first" in done.stderr
    execute(site, "INSERT INTO django_migrations (app, name, applied) VALUES ('cameras', '9999', '2030-01-01')")
    done = manage(site, "upgrade")
    assert done.returncode == 2 and "newer version, which knows cameras.9999" in done.stderr
    execute(site, "DELETE FROM django_migrations WHERE name = '9999'")
