"""Real imagezmq senders, the real broker, detector, reader and pages."""

import json
from urllib.parse import quote

import cv2
import imagezmq
import numpy as np
import pytest
import requests

from tests.harness import DRIVES, PICTURES, Installation, eventually, manage
from tests.mariadb import PASSWORD

TEXTS = (
    "gate Driveway|motion|moving|",
    "gate Driveway|motion|still|porch",
    "gate Driveway|light|lighted",
    "gate|Temp|21.5 C",
    "gate|humidity|48.4 %",
    "gate|Restart|gatepi|Linux 6.12|192.168.1.20|3796|0.1",
    "gate|jackpot|7",
)


@pytest.fixture(scope="module")
def traffic(running: Installation) -> Installation:
    """The sample pictures and one of every text, sent and looked at."""
    blank = np.zeros((3, 3, 3), np.uint8)
    with imagezmq.ImageSender(connect_to=running.receiver) as sender:
        for text in (*TEXTS, "gate|Heartbeat", "gate|Heartbeat", "Grayscale"):
            assert sender.send_image(text, blank) == b"OK"
        for picture in DRIVES:
            assert sender.send_jpg("gate Driveway|jpg", picture.read_bytes()) == b"OK"
        raw = cv2.imread(str(PICTURES / "front34_white.jpg"))
        assert sender.send_image("yard Barn|image", raw) == b"OK"
        assert sender.send_jpg("gate Driveway|jpg", b"not a picture").startswith(b"REFUSED")
    eventually(lambda: running.looked_at() == 9, 120)
    eventually(lambda: running.count("SELECT count(*) FROM cameras_event") == len(TEXTS), 30)
    return running


def test_it_finds_the_car_in_every_picture(traffic: Installation) -> None:
    query = "SELECT count(DISTINCT image_id) FROM detections_detection WHERE label = 'car'"
    assert traffic.count(query) == 9


def test_it_reads_the_plate_in_every_picture(traffic: Installation) -> None:
    assert traffic.count("SELECT count(DISTINCT image_id) FROM plates_platereading WHERE text = 'KV482BT'") == 8
    assert traffic.count("SELECT count(DISTINCT image_id) FROM plates_platereading WHERE text = '7HRZ319'") == 1


def test_a_drive_is_one_visit_of_one_vehicle_which_is_over_soon(traffic: Installation) -> None:
    eventually(lambda: traffic.count("SELECT count(*) FROM cameras_visit WHERE closed_at IS NOT NULL") == 2, 40)
    query = "SELECT s.text, p.text, s.status, s.label FROM plates_sighting s JOIN plates_plate p ON p.id = s.plate_id"
    assert sorted(traffic.rows(query)) == [
        ("7HRZ319", "7HRZ319", "new", "car"),
        ("KV482BT", "KV482BT", "new", "car"),
    ]
    assert traffic.count("SELECT count(*) FROM plates_platereading WHERE sighting_id IS NULL") == 0


def test_it_keeps_every_event_and_no_heartbeat(traffic: Installation) -> None:
    lines = (traffic.folder / "logs" / "imagehub.log").read_text().splitlines()
    assert [line.partition(" ~ ")[2] for line in lines] == list(TEXTS)


def test_status_tells_what_is_kept(traffic: Installation) -> None:
    eventually(lambda: traffic.status()["heartbeats"] == 2, 10)
    status = traffic.status()
    expected = {"images": 9, "events": len(TEXTS), "detection_runs": 9, "recognition_runs": 9, "plate_readings": 9}
    assert {key: status[key] for key in expected} == expected
    assert status["outbox"] == {"unpublished": 0}
    assert set(status["queues"].values()) == {0}
    assert status["receiver"]["alive"]
    assert sum(status["receiver"]["refused"].values()) == 1


def test_the_files_lie_where_imagehub_put_them(traffic: Installation) -> None:
    files = sorted(file.name for file in (traffic.folder / "images").glob("*/*"))
    assert len(files) == 9
    assert files[0].startswith("gate-Driveway-20")
    kept = next((traffic.folder / "images").glob("*/gate-Driveway-*")).read_bytes()
    assert kept in [picture.read_bytes() for picture in DRIVES]


def test_the_pages_show_it_to_who_has_logged_in(traffic: Installation) -> None:
    with requests.Session() as browser:
        assert "/login/" in browser.get(traffic.web).url
        log_in(browser, traffic)
        assert browser.get(f"{traffic.web}/gallery/").text.count("KV482BT") >= 8
        assert "KV482BT" in browser.get(f"{traffic.web}/").text
        picture = browser.get(f"{traffic.web}/images/1/file.jpg")
        assert picture.content[:3] == b"\xff\xd8\xff"
    assert requests.get(f"{traffic.web}/images/1/file.jpg", allow_redirects=False).status_code == 302


def test_health_is_open_and_its_details_are_for_staff(traffic: Installation) -> None:
    assert requests.get(f"{traffic.web}/healthz").json() == {"status": "ok"}
    assert requests.get(f"{traffic.web}/readyz").json() == {"status": "ok"}
    with requests.Session() as browser:
        log_in(browser, traffic)
        answer = browser.get(f"{traffic.web}/readyz").json()
        assert set(answer["checks"].values()) == {"ok"}
        assert answer["receiver"]["address"] == traffic.receiver


def test_flower_asks_for_its_password_everywhere(traffic: Installation) -> None:
    password = (traffic.folder / "flower_password").read_text()
    for page in ("/", "/tasks", "/metrics", "/api/tasks"):
        assert requests.get(traffic.flower + page).status_code == 401, page
        assert requests.get(traffic.flower + page, auth=("admin", password)).ok, page
    tasks = requests.get(f"{traffic.flower}/api/tasks", auth=("admin", password)).json()
    assert "plates.read_plates" in {task["name"] for task in tasks.values()}


def test_no_secret_shows_in_the_process_list_or_the_logs(traffic: Installation) -> None:
    secrets = [(traffic.folder / name).read_text() for name in ("flower_password", "secret_key")]
    secrets += [traffic.password, traffic.broker.url.split(":")[2].split("@")[0]]
    if traffic.database:
        secrets += [PASSWORD, quote(PASSWORD, safe="")]
    commands = json.dumps([process.cmdline() for process in traffic.family()])
    logs = "".join(file.read_text(errors="replace") for file in (traffic.folder / "logs").glob("*.log"))
    assert not [secret for secret in secrets if secret in commands or secret in logs]


def log_in(browser: requests.Session, site: Installation) -> None:
    browser.get(f"{site.web}/login/")
    form = {"username": "admin", "password": site.password, "csrfmiddlewaretoken": browser.cookies["csrftoken"]}
    assert browser.post(f"{site.web}/login/", data=form).ok


def test_the_doctor_finds_nothing_wrong(traffic: Installation) -> None:
    done = manage(traffic.env, "doctor", "--json")
    found = json.loads(done.stdout)
    errors = [one for findings in found.values() for one in findings if one["state"] == "error"]
    assert (done.returncode, errors) == (0, [])
    assert len(found) >= 13 and all(found[name] for name in ("database", "broker", "processes", "models", "disk"))
