"""The files of docker/ as their own tools judge them."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import compose_spec
import pytest
import yaml

import environment
from ingest.up.processes import own_processes
from tests.docker.containers import DOCKER, config, prepared
from tests.harness import ROOT

EXPLAINED = re.compile(r"^# ?([A-Z_]+)=|^([A-Z_]+)=", re.MULTILINE)


def test_the_linter_finds_nothing_in_the_dockerfile() -> None:
    hadolint = Path(sys.executable).parent / "hadolint"
    done = subprocess.run([hadolint, DOCKER / "Dockerfile"], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "")


def test_the_compose_file_keeps_to_the_specification(tmp_path: Path) -> None:
    # As resolved by the client, since the library takes no variables.
    found = config(prepared(tmp_path), "cloud", "adminer", "grafana")
    compose_spec.PyCompose.from_yaml(yaml.safe_dump(found)).validate()
    assert set(found["services"]) == set(yaml.safe_load((DOCKER / "compose.yml").read_text())["services"])


@pytest.mark.parametrize("profiles", [(), ("cloud",), ("adminer", "cloud", "grafana")])
def test_the_client_understands_it_and_each_service_is_guarded(tmp_path: Path, profiles: tuple[str, ...]) -> None:
    services = config(prepared(tmp_path), *profiles)["services"]
    assert {
        "receiver",
        "worker-pictures",
        "worker-plates",
        "worker-sending",
        "beat",
        "web",
        "flower",
        "caddy",
        "redis",
        "mariadb",
    } <= set(services)
    for name, service in services.items():
        assert service["read_only"] is True, name
        assert service.get("restart") == ("no" if name in {"prepare", "grafana-user"} else "unless-stopped"), name
        assert "healthcheck" in service or name == "adminer", name
        assert service["logging"]["options"] == {"max-file": "3", "max-size": "10m"}, name
        if "build" in service:
            assert service["cap_drop"] == ["ALL"] and service["security_opt"] == ["no-new-privileges:true"], name


def test_every_process_of_up_is_a_service(tmp_path: Path) -> None:
    services = config(prepared(tmp_path), "cloud")["services"]
    env = environment.load({"DATA_DIR": str(tmp_path), "PLATE_RECOGNIZER_TOKEN": "x" * 40}, tmp_path / "none")
    commands = {one.name: ["python", "-m", "ingest.up.one", one.name] for one in own_processes(env)}
    assert {name: services[name]["command"] for name in commands} == commands
    for one in own_processes(env):
        assert services[one.name].get("stop_signal", "SIGTERM") == f"SIG{one.stop_signal}", one.name


def test_only_what_cameras_and_browsers_need_is_open_to_the_network(tmp_path: Path) -> None:
    services = config(prepared(tmp_path), "cloud", "adminer", "grafana")["services"]
    ports = {name: service["ports"] for name, service in services.items() if service.get("ports")}
    everywhere = {name for name, given in ports.items() if not all(str(one).startswith("127.0.0.1:") for one in given)}
    assert everywhere == {"receiver", "caddy"}


def test_the_example_explains_every_variable_and_no_other(tmp_path: Path) -> None:
    text = (DOCKER / "example.env").read_text()
    explained = {one or other for one, other in EXPLAINED.findall(text)}
    by_compose = set(re.findall(r"[A-Z_]+", text.split("# --- Set by compose.yml", 1)[1]))
    assert set(environment.VARIABLES) <= explained | by_compose
    interpolated = set(re.findall(r"\$\{([A-Z_]+)", (DOCKER / "compose.yml").read_text())) | {"COMPOSE_PROFILES"}
    assert explained <= set(environment.VARIABLES) | interpolated
    assert interpolated <= explained


def test_secrets_that_exist_stay_and_are_for_their_owner_alone(tmp_path: Path) -> None:
    secrets = prepared(tmp_path) / "secrets"
    before = {file.name: file.read_text() for file in secrets.iterdir()}
    assert (secrets.stat().st_mode & 0o777, len(before)) == (0o700, 9)
    assert len(set(before.values())) == 9 and all(len(text) >= 48 for text in before.values())
    subprocess.run(["sh", secrets.parent / "make_secrets.sh"], check=True)
    assert {file.name: file.read_text() for file in secrets.iterdir()} == before


def test_the_image_holds_what_the_source_has_and_nothing_of_a_site() -> None:
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    let_in = {line.removeprefix("!") for line in lines if line.startswith("!")}
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    apps = {name.split("/")[0] for name in tracked.splitlines() if name.endswith("/__init__.py")}
    assert apps - {"tests", "benchmarks"} <= let_in
    assert not {"data", "demo-data", ".env", "docker", "build"} & let_in
