"""How the pages are served: by http in a network, by https behind a proxy, and under which names."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from django.test import Client

import environment
import host_names
from ingest.up.broker import free_port
from ingest.up.processes import gunicorn_options
from tests.harness import ROOT, eventually, manage

HTTPS = {"SITE_URL": "https://cams.example.org"}


def site_env(folder: Path, **values: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in environment.VARIABLES}
    return kept | {"DATA_DIR": str(folder), "DATABASE_URL": "", "REDIS_URL": "", "WEB_ADDRESS": ""} | values


@contextmanager
def pages(folder: Path, host: str, **values: str) -> Iterator[int]:
    """The pages alone, as `manage.py up` starts them; gives the port."""
    port = free_port()
    values |= {"WEB_ADDRESS": f"{host}:{port}"}
    env = site_env(folder, **values)
    assert manage(env, "collectstatic", "--noinput").returncode == 0
    options = gunicorn_options(environment.load(env, Path("none")))
    server = subprocess.Popen([sys.executable, "-m", "gunicorn", *options, "librarian_project.wsgi"], cwd=ROOT, env=env)
    try:
        eventually(lambda: reaches(f"http://127.0.0.1:{port}/healthz") == 200)
        yield port
    finally:
        server.terminate()
        server.wait(30)


def reaches(address: str, **headers: str) -> int:
    try:
        return requests.get(address, headers=headers, allow_redirects=False, timeout=10).status_code
    except requests.ConnectionError:
        return 0


def network_address() -> str:
    """An address of this machine that others could use."""
    own = [one for one in host_names.own_addresses() if not one.startswith(("127.", "[::1]", "[fe80"))]
    return own[0] if own else pytest.skip("this machine has no network")


def test_one_setting_opens_the_pages_to_the_network_and_to_nobody_elses_names(tmp_path: Path) -> None:
    address = network_address()
    with pages(tmp_path, "0.0.0.0") as port:
        here = f"http://{address}:{port}/login/"
        page = requests.get(here, timeout=10)
        assert page.status_code == 200
        style = next(part for part in page.text.split('"') if part.endswith(".css"))
        assert reaches(f"http://{address}:{port}{style}") == 200
        for name in host_names.machine_names():
            assert reaches(here, Host=f"{name}:{port}") == 200, name
        for name in ("evil.example", "192.0.2.77", f"{address}.evil.example"):
            assert reaches(here, Host=name) == 400, name


def test_without_it_nobody_else_reaches_them(tmp_path: Path) -> None:
    address = network_address()
    with pages(tmp_path, "127.0.0.1") as port:
        assert reaches(f"http://127.0.0.1:{port}/login/") == 200
        assert reaches(f"http://{address}:{port}/login/") == 0
        assert reaches(f"http://127.0.0.1:{port}/login/", Host=address) == 400


def test_behind_a_proxy_everything_is_https(tmp_path: Path) -> None:
    with pages(tmp_path, "127.0.0.1", **HTTPS) as port:
        here = f"http://127.0.0.1:{port}/login/"
        answer = requests.get(here, allow_redirects=False, timeout=10)
        assert (answer.status_code, answer.headers["Location"]) == (301, "https://cams.example.org/login/")
        headers = {"Host": "cams.example.org", "X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.7"}
        answer = requests.get(here, headers=headers, timeout=10)
        assert answer.status_code == 200
        assert answer.headers["Strict-Transport-Security"] == "max-age=2592000"
        assert "__Host-csrftoken=" in answer.headers["Set-Cookie"] and "Secure" in answer.headers["Set-Cookie"]


@pytest.mark.parametrize(
    ("values", "warned"),
    [(HTTPS, False), ({"WEB_ADDRESS": "0.0.0.0:8000"}, True), ({}, False)],
    ids=["https", "http in a network", "this machine only"],
)
def test_the_check_for_deployment_complains_of_http_alone(tmp_path: Path, values: dict[str, str], warned: bool) -> None:
    said = manage(site_env(tmp_path, **values), "check", "--deploy", "--tag", "security").stderr
    assert ("accounts.W001" in said) == warned
    assert "(security.W" not in said and "(csp" not in said and "(axes" not in said


def test_names_follow_the_settings(tmp_path: Path) -> None:
    def names(**values: str) -> list[str]:
        env = environment.load({"DATA_DIR": str(tmp_path), **values}, tmp_path / "none")
        return list(host_names.AllowedHosts(env))

    assert names() == ["localhost", "127.0.0.1", "[::1]"]
    assert names(WEB_ADDRESS="192.168.1.5:80")[3:] == ["192.168.1.5"]
    assert names(SITE_URL="https://cams.example.org", ALLOWED_HOSTS="a.example,b.example")[3:] == [
        "cams.example.org",
        "a.example",
        "b.example",
    ]


def test_an_address_that_the_machine_gets_later_counts_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    env = environment.load({"DATA_DIR": str(tmp_path), "WEB_ADDRESS": "0.0.0.0:8000"}, tmp_path / "none")
    hosts = host_names.AllowedHosts(env)
    monkeypatch.setattr(host_names, "own_addresses", lambda: ["192.168.7.7"])
    assert "192.168.7.7" in list(hosts)


def test_it_tells_the_address_for_the_phone(tmp_path: Path) -> None:
    def told(**values: str) -> str:
        return host_names.network_url(environment.load({"DATA_DIR": str(tmp_path), **values}, tmp_path / "none"))

    assert told() == ""
    assert told(WEB_ADDRESS="192.168.1.5:80") == "http://192.168.1.5:80/"
    assert told(SITE_URL="https://cams.example.org") == "https://cams.example.org"
    assert told(WEB_ADDRESS="0.0.0.0:8000") == f"http://{host_names.outward_address()}:8000/"


def test_a_name_that_is_not_ours_is_told_how_to_become_ours(client: Client) -> None:
    answer = client.get("/login/", HTTP_HOST="cams.fritz.box")
    assert answer.status_code == 400
    assert "cams.fritz.box" in answer.content.decode() and "ALLOWED_HOSTS" in answer.content.decode()
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
