"""Several workers that register the images of one camera at once, in no order."""

import itertools
import json
import subprocess
import sys
from pathlib import Path

from tests.harness import ROOT, manage, private_env

WORKERS, IMAGES, VISITS = 4, 120, 6
WORKER = f"""
import random, sys, uuid
from datetime import UTC, datetime, timedelta
import django
django.setup()
from django.db import OperationalError, transaction
from cameras.services import camera_for, save_image
from plates.models import RecognitionRun
from plates.sightings import merge_sightings

number = int(sys.argv[1])
numbers = list(range(number, {IMAGES}, {WORKERS}))
random.Random(number).shuffle(numbers)
failures = 0
for one in numbers:
    at = datetime(2026, 5, 17, tzinfo=UTC) + timedelta(seconds=one * 2 + one // ({IMAGES} // {VISITS}) * 60)
    path = f"images/2026-05-17/{{one}}.jpg"
    record = dict(id=str(uuid.UUID(int=one)), node="gate", view="Driveway", path=path, bytes=1)
    record["received_at"] = at.isoformat()
    for attempt in range(4):
        try:
            with transaction.atomic():
                facts = dict(bytes=1, width=1, height=1, problem="")
                image, created = save_image(record, camera_for("gate", "Driveway"), facts)
            merge_sightings(image.visit_id, closing=bool(one % 2))
            break
        except OperationalError:  # a deadlock, which a task does over too
            failures += 1
    else:
        raise SystemExit("tried in vain")
print(failures)
"""
LOOK = """
import json, django
django.setup()
from cameras.models import Image, Visit
rows = Visit.objects.order_by("started_at")
print(json.dumps([[str(row.started_at), str(row.ended_at), row.images.count()] for row in rows]))
print(Image.objects.filter(visit=None).count())
"""


def python(env: dict[str, str], code: str, *arguments: str) -> "subprocess.Popen[str]":
    settings = {"DJANGO_SETTINGS_MODULE": "librarian_project.settings"}
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.Popen(command, cwd=ROOT, env=env | settings, stdout=-1, stderr=-1, text=True)


def test_they_come_to_the_visits_that_one_would(tmp_path: Path) -> None:
    env = private_env(tmp_path)
    assert manage(env, "migrate").returncode == 0
    for worker in [python(env, WORKER, str(number)) for number in range(WORKERS)]:
        output, errors = worker.communicate(timeout=180)
        assert worker.returncode == 0, errors
        assert int(output) <= IMAGES // 10, "deadlocks are rare"
    looked, errors = python(env, LOOK).communicate(timeout=60)
    visits, left_out = map(json.loads, looked.splitlines())
    assert left_out == 0, errors
    assert [images for _, _, images in visits] == [IMAGES // VISITS] * VISITS
    assert all(before[1] < after[0] for before, after in itertools.pairwise(visits)), "none overlap"
