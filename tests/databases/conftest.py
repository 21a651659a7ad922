"""An embedded site with rows in every table, and empty databases that it could move to."""

from __future__ import annotations

import shutil
import subprocess
import sys
import uuid
from pathlib import Path

import pytest

from tests.harness import ROOT, manage, private_env
from tests.isolation import DATA_DIR
from tests.sites import mariadb

EVENTS = 12_000


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The data folder of an embedded site with rows in every table, and what `prepare` said at its first start."""
    folder = tmp_path_factory.mktemp("embedded")
    (folder / "models").symlink_to(DATA_DIR / "models")
    env = embedded(folder)
    said = manage(env, "prepare")
    assert said.returncode == 0, said.stderr
    filling(env, "fill", str(EVENTS))
    return folder, said.stdout


@pytest.fixture
def site(filled: tuple[Path, str], tmp_path: Path) -> dict[str, str]:
    """The environment of a copy of that site."""
    folder = tmp_path / "site"
    shutil.copytree(filled[0], folder, symlinks=True)
    return embedded(folder)


@pytest.fixture
def name() -> str:
    """The name of an empty database."""
    found = f"move_{uuid.uuid4().hex[:8]}"
    mariadb("sites").create(found)
    return found


def embedded(folder: Path) -> dict[str, str]:
    return private_env(folder) | {"DATABASE_URL": "", "DJANGO_SETTINGS_MODULE": "librarian_project.settings"}


def filling(env: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, "-m", "tests.databases.filling", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout
