"""The logs of everything running, as JSON and at their most talkative."""

from __future__ import annotations

import json
import re
import time
import uuid
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
import requests

from logs import APPS
from tests.harness import DRIVES, Installation, eventually, installation, manage, private_env
from tests.isolation import DATA_DIR

OTHERS = ("broker", "imagehub", "supervisord")
TYPED = "wrong-password-that-somebody-typed"
TOKEN = "token-in-a-query-string"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("site")
    (folder / "models").symlink_to(DATA_DIR / "models")
    env = private_env(folder) | {"LOG_LEVEL": "DEBUG", "LOG_FORMAT": "json"}
    with installation(folder, env) as found:
        found.send("gate Driveway|jpg", DRIVES[0].read_bytes())
        eventually(lambda: found.looked_at() == 1)
        yield found


def lines(site: Installation) -> dict[str, list[str]]:
    """The lines of each of our processes' logs."""
    files = [file for file in (site.folder / "logs").glob("*.log*") if file.name.partition(".")[0] not in OTHERS]
    return {file.name: file.read_text().splitlines() for file in files}


def entries(site: Installation) -> list[dict[str, Any]]:
    return [json.loads(line) for one in lines(site).values() for line in one]


def log_in(browser: requests.Session, site: Installation, password: str, query: str = "") -> int:
    address = f"{site.web}/login/{query}"
    browser.get(address)
    form = {"username": "admin", "password": password, "csrfmiddlewaretoken": browser.cookies["csrftoken"]}
    return len(browser.post(address, data=form).history)


def test_every_line_of_every_process_is_json(site: Installation) -> None:
    found = lines(site)
    assert {name.partition(".")[0] for name, content in found.items() if content} == {
        "receiver",
        "worker-pictures",
        "worker-plates",
        "worker-sending",
        "beat",
        "web",
        "flower",
    }
    for name, content in found.items():
        for line in content:
            assert {"time", "level", "logger", "pid"} <= json.loads(line).keys(), name


def test_a_request_has_one_line_without_its_query(site: Installation) -> None:
    path = f"/images/1/{uuid.uuid4().hex}"
    requests.get(f"{site.web}{path}?token={TOKEN}", allow_redirects=False)

    def asked() -> list[dict[str, Any]]:
        return [entry for entry in entries(site) if path in json.dumps(entry)]

    eventually(lambda: bool(asked()), 10)
    [entry] = asked()
    assert (entry["logger"], entry["method"], entry["path"], entry["status"]) == ("web.request", "GET", path, 404)
    assert entry["ms"] > 0


def test_a_picture_can_be_followed_by_either_id(site: Installation) -> None:
    requests.get(f"{site.web}/images/1/", allow_redirects=False)
    [[message]] = site.rows("SELECT message_id FROM cameras_image WHERE id = 1")
    by_image = manage(site.env, "follow", "1")
    by_message = manage(site.env, "follow", str(uuid.UUID(str(message))))
    assert by_image.stdout == by_message.stdout
    found = [json.loads(line) for line in by_image.stdout.splitlines()]
    assert [entry["time"] for entry in found] == sorted(entry["time"] for entry in found)
    told = [entry["logger"].partition(".")[0] for entry in found]
    stations = ["receiver", "ingest", "detections", "plates", "web"]
    assert sorted(stations, key=told.index) == stations
    assert {entry.get("image_id", 1) for entry in found} == {1}


def test_one_message_id_tells_the_whole_story(site: Installation) -> None:
    [[message]] = site.rows("SELECT message_id FROM cameras_image WHERE id = 1")
    about = [entry for entry in entries(site) if entry.get("message_id") == str(uuid.UUID(str(message)))]
    told = [entry["logger"].partition(".")[0] for entry in sorted(about, key=lambda entry: str(entry["time"]))]
    assert [name for name in dict.fromkeys(told) if name in APPS] == ["receiver", "ingest", "detections", "plates"]


def test_it_says_when_nothing_is_about_an_id(site: Installation) -> None:
    done = manage(site.env, "follow", "4711")
    assert (done.returncode, done.stdout) == (1, "")
    assert "is about 4711" in done.stderr
    assert "neither a message id" in manage(site.env, "follow", "gate").stderr


def test_no_secret_is_in_any_log_whatever_goes_wrong(site: Installation) -> None:
    with requests.Session() as browser, requests.Session() as stranger:
        assert log_in(stranger, site, TYPED, f"?next=/&token={TOKEN}") == 0
        assert log_in(browser, site, site.password) == 1
        browser.get(f"{site.web}/admin/?token={TOKEN}")
        requests.get(f"{site.flower}/api/tasks?token={TOKEN}", auth=("admin", TYPED))
        requests.get(f"{site.flower}/tasks?token={TOKEN}", auth=("admin", flower_password(site)))
        lose_the_broker(site)
        lose_the_database(site, browser)
        secrets = [flower_password(site), (site.folder / "secret_key").read_text(), site.password, TYPED, TOKEN]
        secrets += [cookie.value or "" for cookie in [*browser.cookies, *stranger.cookies]]
    secrets += passwords(site.broker.url) + passwords(site.env["DATABASE_URL"])
    assert len(secrets) >= 9 and all(len(secret) > 8 for secret in secrets)
    written = "".join(file.read_text(errors="replace") for file in (site.folder / "logs").iterdir())
    assert not [secret for secret in secrets if secret in written or quote(secret, safe="") in written]


def flower_password(site: Installation) -> str:
    return (site.folder / "flower_password").read_text()


def passwords(url: str) -> list[str]:
    password = urlsplit(url).password
    return [password] if password else []


def lose_the_broker(site: Installation) -> None:
    """Have every process meet a broker that is gone."""
    process = site.broker.process
    process.suspend()
    requests.get(f"{site.web}/readyz")
    eventually(lambda: "the broker cannot be reached" in site.log("receiver"), 30)
    process.resume()
    site.broker.kill()
    site.broker.start()
    eventually(lambda: bool(re.search("(?s)cannot be reached.*the broker is there", site.log("receiver"))), 30)


def lose_the_database(site: Installation, browser: requests.Session) -> None:
    """Have pages and tasks meet a database that is gone."""
    if site.database:
        site.database.kill()
    else:
        for file in site.folder.glob("librarian.sqlite3*"):
            file.rename(file.with_name(f"away-{file.name}"))
    assert browser.get(f"{site.web}/?token={TOKEN}").status_code == 500
    site.send("gate Driveway|motion|moving|", b"")
    eventually(lambda: "OperationalError" in site.log("worker-pictures") + site.log("web"), 30)
    time.sleep(1)
    if site.database:
        site.database.start()
