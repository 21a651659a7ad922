"""Pictures a second through broker, worker and database, against the bare detector in as many processes."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import imagezmq
import psutil

from tests.harness import DRIVES, ROOT, Installation, eventually, installation, numbered, private_env

COUNT = 300
ROUNDS = 3
BARE_SECONDS = 6.0
LEFT_OUT = 30
"""Of the first and last pictures, when not all children are busy yet or any more."""
BARE = """
import os, sys, time
import environment
from pathlib import Path
from detections import detectors
from detections.picture import Picture
env = environment.current()
os.nice(5)  # as the workers
detector, paths = detectors.create("openvino-ssd", env), sys.argv[2:]
for path in paths:
    detector.detect(Picture.read(Path(path)))
print("ready", flush=True)
sys.stdin.readline()
count, started = 0, time.perf_counter()
while time.perf_counter() < started + float(sys.argv[1]):
    detector.detect(Picture.read(Path(paths[count % len(paths)])))
    count += 1
print(count / (time.perf_counter() - started))
"""
ENQUEUE = """
import django
django.setup()
from cameras.models import Image
from ingest.reprocessing import reprocess
print(reprocess(Image.objects.order_by("pk")))
"""


def pipeline_ratio(folder: Path, models: Path, precision: str, processes: int) -> tuple[float, float]:
    """The ratio of the two rates, and the memory (PSS) of all workers in MB; plates off, the median over rounds."""
    (folder / "models").symlink_to(models)
    env = private_env(folder) | {"DETECTOR_PRECISION": precision, "DETECT_PROCESSES": str(processes)}
    with installation(folder, env) as site:
        fill(site)
        found = []
        for number in range(ROUNDS):
            bare, whole = bare_rate(site, processes), whole_rate(site)
            found.append(whole / bare)
            print(
                f"  {precision}, {processes} at once, round {number}: bare {bare:.1f}/s, whole {whole:.1f}/s",
                flush=True,
            )
        return statistics.median(found), memory(site)


def fill(site: Installation) -> None:
    """Have `COUNT` pictures of a camera without plates in the index."""
    with imagezmq.ImageSender(connect_to=site.receiver) as sender:
        for number in range(COUNT):
            sender.send_jpg("bench Drive|jpg", numbered(DRIVES[number % len(DRIVES)].read_bytes()))
            if number == 0:
                eventually(lambda: site.count("SELECT count(*) FROM cameras_camera") == 1)
                site.execute("UPDATE cameras_camera SET plates = 'off'")
    eventually(lambda: ended(site) == COUNT, 300)


def ended(site: Installation) -> int:
    """Images that detection is through with."""
    return site.count("SELECT count(*) FROM detections_detectionrun WHERE status IN ('done', 'empty')")


def bare_rate(site: Installation, processes: int) -> float:
    """Pictures a second of the detector alone, with nothing around it."""
    command = [sys.executable, "-c", BARE, str(BARE_SECONDS), *map(str, DRIVES)]
    started = [
        subprocess.Popen(command, cwd=ROOT, env=site.env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(processes)
    ]
    for one in started:
        assert one.stdout and one.stdout.readline() == "ready\n"
    for one in started:
        assert one.stdin
        one.stdin.write("\n")
        one.stdin.flush()
    return sum(float(one.communicate()[0]) for one in started)


def whole_rate(site: Installation) -> float:
    """Pictures a second while a queue of all pictures is worked off."""
    with held(workers(site)):
        django = site.env | {"DJANGO_SETTINGS_MODULE": "librarian_project.settings"}
        done = subprocess.run([sys.executable, "-c", ENQUEUE], cwd=ROOT, env=django, capture_output=True, text=True)
        assert done.stdout.strip() == str(COUNT), done
    eventually(lambda: ended(site) == COUNT, 300)
    ends = sorted(
        datetime.fromisoformat(str(end)).timestamp()
        for (end,) in site.rows("SELECT finished_at FROM detections_detectionrun")
    )[LEFT_OUT:-LEFT_OUT]
    return (len(ends) - 1) / (ends[-1] - ends[0])


def workers(site: Installation) -> list[psutil.Process]:
    """The worker of detection and its children."""
    main = psutil.Process(site.pid("worker-pictures"))
    return [main, *main.children(recursive=True)]


@contextmanager
def held(processes: list[psutil.Process]) -> Iterator[None]:
    """Nothing of these runs meanwhile."""
    for one in processes:
        one.suspend()
    try:
        yield
    finally:
        for one in processes:
            one.resume()
        time.sleep(0.1)


def memory(site: Installation) -> float:
    """MB (PSS) of both workers with all their children."""
    mains = [psutil.Process(site.pid(name)) for name in ("worker-pictures", "worker-plates")]
    return sum(one.memory_full_info().pss for main in mains for one in [main, *main.children(recursive=True)]) / 2**20
