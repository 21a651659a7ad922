"""Draining a backlog through broker, workers and MariaDB, against nothing but the models on the same cores."""

from __future__ import annotations

import multiprocessing
import os
import tempfile
import time
from pathlib import Path

import imagezmq
import psutil

import environment
from tests.harness import DRIVES, Installation, eventually, installation, numbered, private_env

BACKLOG = 200
PURE_SECONDS = 20.0
WARM_UP = 8
MIN_SCORE = 0.25
"""What a new camera has."""
spawn = multiprocessing.get_context("spawn")


def measure() -> dict[str, float]:
    """`drain_ratio`: images a second from a stored backlog to finished rows, over those of the models alone.

    All settings are those of a new site: objects are found in every picture, and plates read, since each shows a car.
    """
    with tempfile.TemporaryDirectory() as folder:
        env = private_env(Path(folder))
        with installation(Path(folder), env) as site:
            pure = pure_inference(Path(folder))
            print(f"  models alone: {pure:.1f} images/s", flush=True)
            drained = drain(site)
            print(f"  {BACKLOG} pictures drained: {drained:.1f} images/s", flush=True)
    return {"drain_ratio": drained / pure}


def drain(site: Installation) -> float:
    """Images a second while a backlog is looked at that came when no worker worked."""
    send(site, WARM_UP)
    eventually(lambda: site.looked_at() == WARM_UP, 120)
    workers = [psutil.Process(site.pid(name)) for name in ("worker-pictures", "worker-plates")]
    for worker in workers:
        worker.suspend()
    send(site, BACKLOG)
    eventually(lambda: site.status()["outbox"]["unpublished"] == 0, 60)
    began = time.perf_counter()
    for worker in workers:
        worker.resume()
    eventually(lambda: site.looked_at() == WARM_UP + BACKLOG, 1800)
    return BACKLOG / (time.perf_counter() - began)


def send(site: Installation, count: int) -> None:
    """Send pictures as fast as they are acknowledged."""
    with imagezmq.ImageSender(connect_to=site.receiver) as sender:
        for number in range(count):
            assert sender.send_jpg("bench Drive|jpg", numbered(DRIVES[number % 8].read_bytes())) == b"OK"


def pure_inference(data_dir: Path) -> float:
    """Images a second of detector and reader on each core, each at one thread, from JPEG files to texts."""
    cores = os.cpu_count() or 1
    ready, results = spawn.Barrier(cores), spawn.Queue()
    jobs = [spawn.Process(target=look, args=(str(data_dir), ready, results), daemon=True) for _ in range(cores)]
    for job in jobs:
        job.start()
    total = sum(results.get(timeout=120) for _ in jobs)
    for job in jobs:
        job.join()
    return float(total) / PURE_SECONDS


def look(data_dir: str, ready, results) -> None:  # type: ignore[no-untyped-def]
    """Do with one picture after the other what the stages do; puts how many images that were in `results`."""
    os.environ |= {"DATA_DIR": data_dir, "INFERENCE_THREADS": "1"}
    from detections import detectors
    from detections.detectors.labels import VEHICLES
    from detections.picture import Picture
    from plates import readers
    from plates.looking import read_picture

    env = environment.load()
    detector, reader = detectors.create(env.detector, env), readers.create(env.plate_reader, env)

    def one(path: Path) -> None:
        found = detector.detect(Picture.read(path), MIN_SCORE)
        vehicles = tuple(thing.box for thing in found if thing.label in VEHICLES)
        assert read_picture(reader, Picture.read(path), vehicles, "if_empty")

    for path in DRIVES:  # loads the models and compiles them for these sizes
        one(path)
    ready.wait()
    count, end = 0, time.perf_counter() + PURE_SECONDS
    while time.perf_counter() < end:
        one(DRIVES[count % 8])
        count += 1
    results.put(count)
