"""Every service of compose.yml started with its own command, and a picture's way through them."""

from __future__ import annotations

import json
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docker.containers import Containers, possible
from tests.harness import DRIVES, eventually
from tests.isolation import DATA_DIR

OURS = ("receiver", "worker-pictures", "worker-plates", "worker-sending", "worker-cloud", "beat", "web", "flower")
SEND = """
import sys, imagezmq
with imagezmq.ImageSender(connect_to="tcp://127.0.0.1:5555") as sender:
    for name in sys.argv[1:]:
        assert sender.send_jpg("gate Driveway|jpg", open(name, "rb").read()) == b"OK"
"""
pytestmark = pytest.mark.skipif(
    not possible(), reason="mounts, overlays and namespaces cannot be made here; root can make them"
)


@pytest.fixture(scope="module")
def containers() -> Iterator[Containers]:
    """Everything up, as `docker compose up` starts it."""
    folder = Path(tempfile.mkdtemp(prefix="librarian-compose-"))  # pytest's own folders only root may enter
    folder.chmod(0o755)
    site = Containers(
        folder, SITE_URL="https://localhost", PLATE_RECOGNIZER_TOKEN="0" * 40, PLATE_RECOGNIZER_URL="http://127.0.0.1:9"
    )
    models = site.volume("data") / "models"
    models.mkdir(parents=True)
    for file in (DATA_DIR / "models").iterdir():
        shutil.copy(file, models)
    try:
        site.start("receiver")  # with nobody else there
        site.wait("receiver")
        for name in ("mariadb", "redis"):
            site.start(name)
            site.wait(name, 60)
        assert site.start("prepare").wait(120) == 0, site.log("prepare")
        for name in (*OURS[1:], "caddy"):
            site.start(name)
        for name in (*OURS, "caddy"):
            site.wait(name, 90)
        yield site
    finally:
        site.close()
        shutil.rmtree(folder, ignore_errors=True)


def test_metrics_are_for_the_services_network_and_for_who_has_the_token(containers: Containers) -> None:
    site = containers
    token = (site.docker / "secrets" / "metrics_token").read_text()
    shown = ["-H", f"Authorization: Bearer {token}"]
    for address in ("web:8000", "receiver:9106"):
        ask = ["curl", "-sS", "--resolve", f"{address}:127.0.0.1", f"http://{address}/metrics"]
        assert site.outside(*ask, "-o", "/dev/null", "-w", "%{http_code}").stdout == "401"
        told = site.outside(*ask, *shown)
        assert "librarian_" in told.stdout, told
    web = ["curl", "-sS", "--resolve", "web:8000:127.0.0.1", "http://web:8000/metrics", *shown]
    # What other containers count is read from the volume that all of them share.
    eventually(lambda: 'process="beat"' in site.outside(*web).stdout, 30)
    assert curl(site, "-o", "/dev/null", "-w", "%{http_code}", *shown, "https://localhost/metrics") == "404"


def test_the_user_of_grafana_is_made_and_reads_what_the_boards_show(containers: Containers) -> None:
    site = containers
    assert site.start("grafana-user").wait(30) == 0, site.log("grafana-user")
    password = (site.docker / "secrets" / "grafana_database_password").read_text()
    client = ["mariadb", "--host=127.0.0.1", "--user=grafana", f"--password={password}", "librarian", "--execute"]
    assert "0" in site.outside(*client, "SELECT count(*) FROM cameras_purge").stdout
    assert "denied" in site.outside(*client, "SELECT * FROM accounts_user").stderr


def curl(site: Containers, *arguments: str) -> str:
    """What Caddy answers, by TLS with its own authority."""
    root = site.volume("caddy") / "pki/authorities/local/root.crt"
    jar = str(site.folder / "cookies")
    done = site.outside("curl", "-sS", "--cacert", str(root), "-b", jar, "-c", jar, *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_picture_is_kept_looked_at_and_shown_through_the_proxy(containers: Containers) -> None:
    site = containers
    sent = site.outside(sys.executable, "-c", SEND, *map(str, DRIVES[:2]))
    assert sent.returncode == 0, sent.stderr

    def looked_at() -> bool:
        status = json.loads(site.inside("web", ["python", "manage.py", "status", "--json"]).stdout)
        return bool(status["images"] == 2 and status["recognition_runs"] == 2)

    eventually(looked_at, 90)
    password = re.search(r"admin with the password (\S+)", site.log("prepare"))
    assert password
    page = curl(site, "https://localhost/login/")
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token
    form = [f"csrfmiddlewaretoken={token[1]}", "username=admin", f"password={password[1]}"]
    fields = [word for one in form for word in ("--data-urlencode", one)]
    curl(site, "-e", "https://localhost/login/", *fields, "https://localhost/login/")
    gallery = curl(site, "https://localhost/gallery/")
    picture = re.search(r"/images/(\d+)/", gallery)
    assert picture, gallery[:2000]
    address = f"https://localhost/images/{picture[1]}/file.jpg"
    head = curl(site, "-D", "-", "-o", str(site.folder / "whole.jpg"), address)
    assert (site.folder / "whole.jpg").read_bytes() in {file.read_bytes() for file in DRIVES[:2]}
    etag = re.search(r"(?im)^etag: (\S+)", head)
    assert etag and "private" in head and "x-accel-redirect" not in head.lower(), head
    assert curl(site, "-o", "/dev/null", "-w", "%{http_code}", "-H", f"If-None-Match: {etag[1]}", address) == "304"
    part = curl(site, "-D", "-", "-o", str(site.folder / "part.jpg"), "-r", "10-19", address)
    assert " 206" in part.splitlines()[0]
    assert (site.folder / "part.jpg").read_bytes() == (site.folder / "whole.jpg").read_bytes()[10:20]
    assert "/login/" in site.outside("curl", "-sk", "-D", "-", address).stdout


@pytest.mark.parametrize("name", [*OURS, "caddy", "redis", "mariadb"])
def test_a_service_is_healthy_until_it_stops_in_its_time(containers: Containers, name: str) -> None:
    assert containers.healthy(name)
    assert containers.stop(name) >= 0, containers.log(name)[-2000:]


def test_no_secret_is_shown(containers: Containers) -> None:
    secrets = [file.read_text() for file in (containers.docker / "secrets").iterdir()]
    logs = "".join(file.read_text(errors="replace") for file in containers.folder.glob("*.log"))
    assert logs and not [secret for secret in secrets if secret in logs]
