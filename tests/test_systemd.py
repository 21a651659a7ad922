"""The units in systemd/, as systemd's own tools judge them."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import environment
from ingest.up.processes import own_processes
from tests.harness import ROOT

UNITS = ROOT / "systemd"
INSTANCES = {
    "librarian@": ("receiver", "beat", "web", "flower"),
    "librarian-worker@": ("pictures", "plates", "sending", "cloud"),
}
MOST_EXPOSED = 2.0
"""Of systemd's score, from 0 to 10: below 2 it says OK."""


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """The units for this place of the program, with an instance of each that stands for several."""
    place = tmp_path / "units"
    shutil.copytree(UNITS, place)
    for file in place.glob("*.service"):
        text = file.read_text().replace("/opt/librarian/.venv/bin/python", sys.executable)
        file.write_text(text.replace("/opt/librarian", str(ROOT)))
    for template, names in INSTANCES.items():
        for name in names:
            shutil.copy(place / f"{template}.service", place / f"{template}{name}.service")
    return place


def services(units: Path) -> list[str]:
    return sorted(file.name for file in units.glob("*.service") if not file.stem.endswith("@"))


def test_systemd_finds_nothing_wrong(units: Path) -> None:
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", "librarian.target", *services(units)],
        cwd=units,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_every_service_is_hardened(units: Path) -> None:
    for name in services(units):
        command = ["systemd-analyze", "security", "--offline=true", "--no-pager", name]
        done = subprocess.run(command, cwd=units, capture_output=True, text=True, check=True)
        score = re.search(r"exposure level for \S+: ([\d.]+)", done.stdout)
        assert score and float(score[1]) < MOST_EXPOSED, (name, done.stdout[-2000:])


def test_every_process_has_a_unit_and_stops_as_up_stops_it(units: Path) -> None:
    env = environment.load({"DATA_DIR": str(units), "PLATE_RECOGNIZER_TOKEN": "x" * 40}, units / "none")
    workers = {"worker-pictures", "worker-plates", "worker-sending", "worker-cloud"}
    instances = {"receiver", "beat", "web", "flower"} | workers
    assert {one.name for one in own_processes(env)} == instances
    for one in own_processes(env):
        template = "librarian-worker@" if one.name.startswith("worker-") else "librarian@"
        written = (UNITS / f"{template}.service").read_text()
        signal = re.search(r"^KillSignal=SIG(\w+)", written, re.MULTILINE)
        assert (signal[1] if signal else "TERM") == one.stop_signal, one.name


def test_the_target_starts_all_but_the_cloud() -> None:
    wanted = set(re.findall(r"librarian[-\w]*@([a-z]+)\.service", (UNITS / "librarian.target").read_text()))
    assert wanted == {name for names in INSTANCES.values() for name in names} - {"cloud"}


@pytest.mark.parametrize("name", ["beat", "web", "flower"])
def test_what_needs_the_tables_waits_for_them(name: str) -> None:
    written = (UNITS / f"librarian@{name}.service.d" / "prepare.conf").read_text()
    assert "Requires=librarian-prepare.service" in written and "After=librarian-prepare.service" in written
