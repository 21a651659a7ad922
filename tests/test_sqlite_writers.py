"""Four writers at once on the embedded database."""

import os
import subprocess
import sys
from pathlib import Path

from tests.harness import ROOT, manage

WRITER = """
import sys, uuid
import django
django.setup()
from django.db import transaction
from django.utils import timezone
from cameras.models import Event, Node
name = sys.argv[1]
for number in range(150):
    with transaction.atomic():
        node, _ = Node.objects.get_or_create(name="gate")  # reads, then writes: what deferred transactions trip over
        Node.objects.filter(pk=node.pk).update(restarts=number)
        Event.objects.bulk_create(
            Event(message_id=uuid.uuid4(), node=node, kind=name, text="x", at=timezone.now()) for _ in range(5)
        )
print(Event.objects.filter(kind=name).count())
"""


def test_it_never_finds_the_database_locked(tmp_path: Path) -> None:
    env = os.environ | {
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "librarian_project.settings",
    }
    assert manage(env, "migrate").returncode == 0
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, f"writer-{number}"], cwd=ROOT, env=env, stdout=-1, stderr=-1, text=True
        )
        for number in range(4)
    ]
    for writer in writers:
        output, errors = writer.communicate(timeout=120)
        assert (output.strip(), errors) == ("750", "")
