"""A backlog of 20,000 pictures drains, newest first where the camera wants it, and the pages are served meanwhile."""

import os
import time
from pathlib import Path

import psutil
import pytest
import requests

from tests.harness import DRIVES, Installation, eventually, numbered
from tests.stack.test_way_of_a_picture import log_in

pytestmark = pytest.mark.soak
BACKLOG = int(os.environ.get("BACKLOG") or 20_000)
PATIENCE = 2 * 3600


def test_a_long_backlog_drains_without_memory_growth_while_the_site_is_usable(
    running: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    import imagezmq

    running.send("gate Driveway|jpg", DRIVES[0].read_bytes())
    eventually(lambda: running.looked_at() == 1)
    running.execute("UPDATE cameras_camera SET newest_first = 1, plates = 'off'")
    workers = [psutil.Process(running.pid(name)) for name in ("worker-pictures", "worker-plates")]
    for worker in workers:
        worker.suspend()
    with imagezmq.ImageSender(connect_to=running.receiver) as sender:
        for number in range(BACKLOG):
            assert sender.send_jpg("gate Driveway|jpg", numbered(DRIVES[number % 8].read_bytes())) == b"OK"
    for worker in workers:
        worker.resume()
    began = time.monotonic()
    eventually(lambda: running.looked_at() > BACKLOG // 10, PATIENCE)
    early, pages = memory(running), []
    with requests.Session() as browser:
        log_in(browser, running)
        browser.headers["Connection"] = "close"  # else a connection may be closed just when it is used again
        while running.looked_at() < BACKLOG + 1:
            asked = time.perf_counter()
            assert browser.get(f"{running.web}/gallery/").status_code == 200
            pages.append(time.perf_counter() - asked)
            assert time.monotonic() < began + PATIENCE
            time.sleep(2)
    late, seconds = memory(running), time.monotonic() - began
    with capsys.disabled():
        print(f"\n{BACKLOG} pictures in {seconds:.0f} s ({BACKLOG / seconds:.1f}/s); MB early {early}, late {late}; ")
        print(f"gallery: median {sorted(pages)[len(pages) // 2] * 1000:.0f} ms, longest {max(pages) * 1000:.0f} ms")
    assert running.count("SELECT count(*) FROM cameras_image") == BACKLOG + 1
    assert len(list(Path(running.folder, "images").glob("*/*.jpg"))) == BACKLOG + 1
    assert all(late[name] < early[name] * 1.25 + 30 for name in early), (early, late)
    newest_first(running)


def memory(site: Installation) -> dict[str, int]:
    """MB of each program with its children."""
    names = ("receiver", "worker-pictures", "worker-plates", "beat", "web")
    found = {}
    for name in names:
        process = psutil.Process(site.pid(name))
        family = [process, *process.children(recursive=True)]
        found[name] = sum(one.memory_full_info().uss for one in family) >> 20
    return found


def newest_first(site: Installation) -> None:
    """What came in the last tenth was looked at, on the whole, well before what came in the first."""
    order = (
        "SELECT avg(image_id) FROM (SELECT image_id FROM detections_detectionrun ORDER BY finished_at {} LIMIT {}) AS x"
    )
    tenth = BACKLOG // 10
    early, late = (site.count(order.format(way, tenth)) for way in ("", "DESC"))
    assert early > late, (early, late)
