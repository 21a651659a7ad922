"""Breaking a running installation under load, and counting what that cost."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import imagezmq
import psutil
import redis

from tests.harness import DRIVES, Installation, eventually, numbered

RATE = 3.0
"""Pictures a second that the load sends: about two thirds of what two cores look at."""
BURST = 24
FREEZE_SECONDS = 20
DATABASE_GONE_SECONDS = 30
PATIENCE = 240
"""Seconds until all has been looked at that was sent."""


@dataclass(frozen=True, slots=True)
class Toll:
    """What a fault cost: pictures lost and doubled, and seconds until work went on or was done again."""

    lost: int
    doubled: int
    seconds: float


class Load(threading.Thread):
    """A camera that sends without a break until it is stopped; every picture must be acknowledged."""

    def __init__(self, site: Installation) -> None:
        super().__init__(daemon=True)
        self._site, self._stopping, self.acknowledged = site, threading.Event(), 0

    def run(self) -> None:
        """Send."""
        with imagezmq.ImageSender(connect_to=self._site.receiver) as sender:
            while not self._stopping.wait(1 / RATE):
                reply = sender.send_jpg("gate Driveway|jpg", numbered(DRIVES[self.acknowledged % 8].read_bytes()))
                assert reply == b"OK", reply
                self.acknowledged += 1

    def stop(self) -> int:
        """End it; how many pictures were acknowledged."""
        self._stopping.set()
        self.join()
        return self.acknowledged


def stored(site: Installation) -> int:
    """How many pictures there are, once all of them have been looked at; more may come in meanwhile."""
    eventually(lambda: site.looked_at() == images(site), PATIENCE, site.status)
    return images(site)


def images(site: Installation) -> int:
    """How many pictures the database knows."""
    return site.count("SELECT count(*) FROM cameras_image")


@contextmanager
def load(site: Installation) -> Iterator[Load]:
    """A load that the workers have begun to look at."""
    before = stored(site)
    sending = Load(site)
    sending.start()
    try:
        eventually(lambda: site.looked_at() > before)
        yield sending
    finally:
        sending.stop()


def accounts(site: Installation, wanted: int) -> tuple[int, int]:
    """How many pictures are lost and how many doubled, once all that was sent has been looked at."""
    eventually(lambda: site.looked_at() >= wanted, PATIENCE, lambda: (wanted, site.status()))
    rows, paths = (site.count(f"SELECT count({what}) FROM cameras_image") for what in ("*", "DISTINCT path"))
    files = len(list((site.folder / "images").glob("*/*.jpg")))
    twice = sum(
        site.count(f"SELECT count(*) FROM (SELECT image_id FROM {table} GROUP BY image_id HAVING count(*) > 1) AS more")
        for table in ("detections_detection", "plates_platereading")
    )
    read = site.count("SELECT count(DISTINCT image_id) FROM plates_platereading WHERE text = 'KV482BT'")
    return max(wanted - files, wanted - paths, wanted - read, 0), (rows - paths) + max(0, rows - wanted) + twice


def break_broker(site: Installation, fault: Callable[[Installation], None]) -> Toll:
    """Break the broker under load; the seconds from its return until both stages went on."""
    before = stored(site)
    with load(site) as sending:
        fault(site)
        back = datetime.now(UTC)
        eventually(lambda: went_on(site, back) is not None, 120, site.status)
        seconds = went_on(site, back)
    lost, doubled = accounts(site, before + sending.acknowledged)
    assert seconds is not None
    return Toll(lost, doubled, seconds)


def went_on(site: Installation, since: datetime) -> float | None:
    """Seconds from a time until each stage ended its first picture after it; None while one has not."""
    ends = []
    for table in ("detections_detectionrun", "plates_recognitionrun"):
        at = f"{since:%Y-%m-%d %H:%M:%S.%f}"
        end = site.rows(f"SELECT min(finished_at) FROM {table} WHERE finished_at > '{at}'")[0][0]
        if end is None:
            return None
        ends.append(datetime.fromisoformat(str(end)).replace(tzinfo=UTC))
    return (max(ends) - since).total_seconds()


def kill_broker(site: Installation) -> None:
    """Kill the broker as a power cut would, and start it again."""
    site.broker.kill()
    site.broker.start()


def restart_broker(site: Installation) -> None:
    """Restart the broker in order, as an upgrade does."""
    site.broker.stop()
    site.broker.start()


def drop_connections(site: Installation) -> None:
    """Cut all connections to the broker, as a firewall does."""
    broker = redis.Redis.from_url(site.broker.url)
    for kind in ("normal", "pubsub"):
        broker.client_kill_filter(_type=kind, skipme=True)


def freeze_broker(site: Installation) -> None:
    """Have the broker hang for a while, with all its connections open."""
    process = site.broker.process
    process.suspend()
    time.sleep(FREEZE_SECONDS)
    process.resume()


BROKER_FAULTS = (kill_broker, restart_broker, drop_connections, freeze_broker)


def break_in_mid_burst(site: Installation, fault: Callable[[Installation], None]) -> Toll:
    """Break something while a burst is being looked at; the seconds from then until all of it has been."""
    before = stored(site)
    send_burst(site)
    eventually(lambda: site.looked_at() > before)
    fault(site)
    began = time.monotonic()
    assert site.looked_at() < before + BURST, "broken too late to show anything"
    lost, doubled = accounts(site, before + BURST)
    return Toll(lost, doubled, time.monotonic() - began)


def send_burst(site: Installation) -> None:
    """Send a burst; every picture must be acknowledged."""
    with imagezmq.ImageSender(connect_to=site.receiver) as sender:
        for number in range(BURST):
            assert sender.send_jpg("gate Driveway|jpg", numbered(DRIVES[number % 8].read_bytes())) == b"OK"


def kill_child(site: Installation) -> None:
    """Kill the process that does the tasks of a worker, in mid-task."""
    for name in ("worker-pictures", "worker-plates"):
        psutil.Process(site.pid(name)).children()[0].kill()


def kill_workers(site: Installation) -> None:
    """Kill both workers with their children, as a power cut would."""
    for name in ("worker-pictures", "worker-plates"):
        process = psutil.Process(site.pid(name))
        for one in [process, *process.children(recursive=True)]:
            one.send_signal(signal.SIGKILL)


def kill_database(site: Installation) -> None:
    """Kill MariaDB and start it again after half a minute."""
    assert site.database, "needs a server"
    site.database.kill()
    time.sleep(DATABASE_GONE_SECONDS)
    site.database.start()


WORKER_FAULTS = (kill_child, kill_workers)
