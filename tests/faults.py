"""Breaking a running installation under load, and what must hold afterwards."""

from __future__ import annotations

import signal
from concurrent.futures import ThreadPoolExecutor

import imagezmq
import psutil

from tests.harness import DRIVES, Installation, eventually, numbered

BURST = 24


def send_burst(site: Installation) -> None:
    """Send a burst; every picture must be acknowledged."""
    with imagezmq.ImageSender(connect_to=site.receiver) as sender:
        for number in range(BURST):
            assert sender.send_jpg("gate Driveway|jpg", numbered(DRIVES[number % 8].read_bytes())) == b"OK"


PATIENCE = 420
"""Seconds: what a killed worker had in hand comes again after two minutes; what got lost between broker and worker is
found by the sweep, after five."""


def everything_arrives(site: Installation, before: int) -> None:
    """All pictures of the burst are files, rows and looked at, each once."""
    wanted = before + BURST
    eventually(lambda: site.looked_at() == wanted, PATIENCE, lambda: (wanted, site.status()))
    assert site.count("SELECT count(*) FROM cameras_image") == wanted
    assert site.count("SELECT count(DISTINCT path) FROM cameras_image") == wanted
    assert len(list((site.folder / "images").glob("*/*.jpg"))) == wanted
    cars = "SELECT count(*) FROM detections_detection WHERE label = 'car'"
    assert site.count(cars) == wanted, "one car in each picture, nothing doubled"
    assert site.count("SELECT count(*) FROM plates_platereading") == wanted


def kill_broker_under_load(site: Installation) -> None:
    """Kill the broker while a burst comes in; the supervisor brings it back and nothing is lost."""
    before = site.looked_at()
    old = site.pid("broker")
    with ThreadPoolExecutor() as pool:
        burst = pool.submit(send_burst, site)
        psutil.Process(old).kill()
        burst.result(30)
    eventually(lambda: site.pid("broker") != old, 30)
    everything_arrives(site, before)


def kill_workers_in_mid_burst(site: Installation) -> None:
    """Kill both workers with their children while they work; what they had in hand comes again."""
    before = site.looked_at()
    send_burst(site)
    eventually(lambda: site.looked_at() > before)
    for name in ("worker-pictures", "worker-plates"):
        kill_family(psutil.Process(site.pid(name)))
    assert site.looked_at() < before + BURST, "killed too late to show anything"
    everything_arrives(site, before)


def kill_family(process: psutil.Process) -> None:
    """Kill a worker and its children at once, as a power cut would."""
    for one in [process, *process.children(recursive=True)]:
        one.send_signal(signal.SIGKILL)
