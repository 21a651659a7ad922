"""What Prometheus and Sentry are told by real processes."""

from __future__ import annotations

import re
from collections.abc import Iterator

import imagezmq
import psutil
import pytest
import requests
from prometheus_client.parser import text_string_to_metric_families

from ingest.up.broker import free_port
from tests.boards.grafana import metrics as of_the_boards
from tests.harness import DRIVES, ROOT, Installation, eventually, installation, private_env
from tests.isolation import DATA_DIR
from tests.sentry import Sentry, sentry

SECRET = "token-in-a-query-string"


@pytest.fixture(scope="module")
def server() -> Iterator[Sentry]:
    with sentry() as found:
        yield found


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, server: Sentry) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("site")
    (folder / "models").symlink_to(DATA_DIR / "models")
    env = private_env(folder) | {
        "RECEIVER_METRICS_ADDRESS": f"127.0.0.1:{free_port()}",
        "RECEIVER_SUBSCRIBE": f"tcp://127.0.0.1:{free_port()}",
        "SENTRY_DSN": server.dsn,
    }
    with installation(folder, env) as found:
        for picture in DRIVES[:2]:
            found.send("gate Driveway|jpg", picture.read_bytes())
        found.send("gate|Temp|76 F", b"")
        eventually(lambda: found.looked_at() == 2)
        yield found


def scrape(site: Installation) -> dict[str, dict[frozenset[tuple[str, str]], float]]:
    """Every sample of web and receiver, by name and labels."""
    token = (site.folder / "metrics_token").read_text()
    pages = [f"{site.web}/metrics", f"http://{site.env['RECEIVER_METRICS_ADDRESS']}/metrics"]
    found: dict[str, dict[frozenset[tuple[str, str]], float]] = {}
    for page in pages:
        answer = requests.get(page, headers={"Authorization": f"Bearer {token}"}, timeout=20)
        assert answer.ok and answer.headers["Content-Type"].startswith("text/plain; version="), answer.text
        for family in text_string_to_metric_families(answer.text):
            for sample in family.samples:
                found.setdefault(sample.name, {})[frozenset(sample.labels.items())] = sample.value
    return found


def value(site: Installation, name: str, **labels: str) -> float:
    """The sum of a metric's samples that have these labels."""
    samples = scrape(site).get(name, {})
    return sum(number for known, number in samples.items() if labels.items() <= dict(known).items())


def test_the_token_is_wanted_by_everybody_but_staff(site: Installation) -> None:
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic YTpi"}):
        answer = requests.get(f"{site.web}/metrics", headers=headers, allow_redirects=False)
        assert (answer.status_code, "librarian_" in answer.text) == (401, False)
    with requests.Session() as browser:
        browser.get(f"{site.web}/login/")
        form = {"username": "admin", "password": site.password, "csrfmiddlewaretoken": browser.cookies["csrftoken"]}
        browser.post(f"{site.web}/login/", data=form)
        assert "librarian_images_waiting" in browser.get(f"{site.web}/metrics").text
    assert (site.folder / "metrics_token").stat().st_mode & 0o077 == 0


def test_children_of_workers_count_their_tasks_and_pictures(site: Installation) -> None:
    name = "librarian_task_duration_seconds_count"
    assert value(site, name, task="ingest.register_image", outcome="success") == 2
    assert value(site, name, task="plates.read_plates", outcome="success") == 2
    assert value(site, "librarian_stage_runs_total", stage="object detection", status="done") == 2
    assert value(site, "librarian_stage_duration_seconds_count", stage="plate reading") == 2
    assert value(site, "librarian_stage_delay_seconds_count", stage="indexing") == 2
    assert value(site, "librarian_receiver_stored_total") == 2
    assert value(site, "librarian_worker_up") == 3
    processes = {dict(known)["process"].partition("@")[0] for known in scrape(site)[name]}
    assert processes - {"sending"} == {"pictures", "plates"}  # sending looks for what waits now and then
    eventually(lambda: value(site, "librarian_beat_tasks_total", outcome="sent", process="beat") > 0, 30)


def test_a_worker_that_was_killed_counts_anew_beside_the_other(site: Installation) -> None:
    before = value(site, "librarian_stage_runs_total", stage="plate reading")
    pid = site.pid("worker-pictures")
    child = psutil.Process(pid).children()[0]
    child.kill()  # its task's end is told by nobody, what it did stays counted
    assert value(site, "librarian_stage_runs_total", stage="object detection") == 2
    for process in [*psutil.Process(pid).children(), psutil.Process(pid)]:
        process.kill()
    eventually(lambda: site.pid("worker-pictures") != pid, 30)
    eventually(lambda: value(site, "librarian_stage_runs_total", stage="object detection") == 0, 30)
    site.send("gate Driveway|jpg", DRIVES[2].read_bytes())
    eventually(lambda: value(site, "librarian_stage_runs_total", stage="object detection") == 1, 60)
    eventually(lambda: value(site, "librarian_stage_runs_total", stage="plate reading") == before + 1, 60)


def test_everything_that_the_boards_ask_for_is_told(site: Installation) -> None:
    with imagezmq.ImageSender(connect_to=site.receiver) as sender:
        assert sender.send_jpg("gate Driveway|jpg", b"not a picture").startswith(b"REFUSED")
    refused = requests.get(f"{site.web}/no-such-page?token={SECRET}")
    assert refused.status_code == 404
    wanted = of_the_boards() - {"up", "librarian_tasks_lost_total"}  # Prometheus' own; what has not happened here
    eventually(lambda: wanted <= scrape(site).keys(), 60, lambda: wanted - scrape(site).keys())
    assert value(site, "librarian_http_request_duration_seconds_count", view="none", status="404") >= 1


def test_the_page_about_metrics_names_all_of_them_and_no_other(site: Installation) -> None:
    written = (ROOT / "docs" / "monitoring.md").read_text().partition("## All metrics")[2].partition("\n## ")[0]
    documented = set(re.findall(r"`(librarian_\w+)", written))
    eventually(lambda: "librarian_doctor_findings" in scrape(site), 30)
    told = {re.sub("_(sum|count|bucket)$", "", name) for name in scrape(site) if name.startswith("librarian_")}
    rare = {"librarian_tasks_lost_total"}
    assert told - documented == set()
    assert documented - told <= rare


def test_errors_of_every_process_are_reported_without_what_they_are_about(site: Installation, server: Sentry) -> None:
    site.send("gate Driveway|jpg", DRIVES[0].read_bytes()[:3000])  # a worker cannot read it
    forwarder = next(
        one for one in psutil.Process(site.pid("receiver")).children() if "receiver.forwarder" in one.cmdline()
    )
    forwarder.kill()
    worker = scrape(site)["librarian_worker_up"]
    names = [dict(known)["worker"] for known in worker]
    eventually(lambda: bool(server.of("receiver")) and any(server.of(name) for name in names), 60)
    broker = site.broker.process
    broker.suspend()
    if site.database:
        site.database.kill()
    else:
        for file in site.folder.glob("librarian.sqlite3*"):
            file.rename(file.with_name(f"away-{file.name}"))
    assert value(site, "librarian_database_up") == value(site, "librarian_broker_up") == 0
    requests.get(f"{site.web}/?token={SECRET}", cookies={"librarian": "x" * 32})
    eventually(lambda: all(server.of(name) for name in ("forwarder", "beat", "web")), 60)
    broker.resume()
    if site.database:
        site.database.start()
    sent = "".join(server.bodies)
    secrets = [(site.folder / name).read_text() for name in ("metrics_token", "secret_key")]
    assert not [
        one for one in [*secrets, site.password, SECRET, str(site.folder), "KV482BT", "Driveway-"] if one in sent
    ]
