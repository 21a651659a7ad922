"""Four writers at once."""

import subprocess
import sys
from pathlib import Path

from tests.harness import ROOT, manage, private_env

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
        # Reads, then writes: what SQLite's deferred transactions trip over.
        node, _ = Node.objects.get_or_create(name="gate")
        Node.objects.filter(pk=node.pk).update(restarts=number)
        Event.objects.bulk_create(
            Event(message_id=uuid.uuid4(), node=node, kind=name, text="x", at=timezone.now()) for _ in range(5)
        )
print(Event.objects.filter(kind=name).count())
"""


def test_none_of_them_finds_the_database_locked(tmp_path: Path) -> None:
    env = private_env(tmp_path)
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
