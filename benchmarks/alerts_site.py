"""What the benchmark of alerts does inside its site, by `manage.py shell`, and a server that never answers."""

from __future__ import annotations

import socket
import statistics
import threading
import time
from typing import Any, Self

from tests.harness import Installation, manage

ROUNDS = 30


def run(site: Installation, code: str) -> float:
    """Run some of the functions below inside a site; the number that they printed last, if any."""
    done = manage(site.env, "shell", "-c", f"from benchmarks.alerts_site import *\n{code}")
    assert done.returncode == 0, done.stderr
    printed = done.stdout.strip().splitlines()
    return float(printed[-1]) if printed and printed[-1].replace(".", "").isdigit() else 0.0


def channel(name: str, address: str) -> Any:
    """A channel of Apprise."""
    from alerts import secrets
    from alerts.models import Channel

    return Channel.objects.create(name=name, kind="apprise", secret=secrets.encrypt(address))


def rule(name: str) -> None:
    """A rule that tells of every car by a channel, each visit by itself."""
    from alerts.models import Channel, Rule

    told = {"template": "Car {camera}", "cooldown_seconds": 0, "group_seconds": 0, "hourly_cap": 0}
    made = Rule.objects.create(name="cars", conditions=[{"kind": "visit", "labels": ["car"]}], **told)
    made.channels.set(Channel.objects.filter(name=name))


def clear() -> None:
    """No rules and channels."""
    from alerts.models import Channel, Rule

    Rule.objects.all().delete()
    Channel.objects.all().delete()


def rules() -> None:
    """Print the milliseconds that 500 rules add to a picture; each is asked and none is met."""
    from alerts.considering import consider_image
    from alerts.models import Rule
    from cameras.models import Image

    def median() -> float:
        times = []
        for image in Image.objects.order_by("-pk")[:ROUNDS]:
            begun = time.perf_counter()
            consider_image(image.pk, read=False)
            times.append(time.perf_counter() - begun)
        return 1000 * statistics.median(times)

    clear()
    without = median()
    for number in range(500):
        wanted = {"kind": "visit", "labels": ["car", "person"], "score": 1.0, "count": 2}
        Rule.objects.create(name=f"rule {number}", conditions=[wanted], only_if={"armed": "yes"})
    median()  # the rules are read once
    print(median() - without)
    clear()


def dead(address: str, number: int) -> None:
    """So many messages for a channel that never answers."""
    put(channel("dead", address), number)


def put(to: Any, number: int) -> None:
    """So many messages that wait for a channel."""
    from django.utils import timezone

    from alerts.models import Delivery, Message

    now = timezone.now()
    Message.objects.bulk_create([Message(text=f"text {one}", at=now, updated_at=now) for one in range(number)], 1000)
    waiting = Message.objects.filter(deliveries=None, rule_name="").values_list("pk", flat=True)
    Delivery.objects.bulk_create([Delivery(message_id=one, channel=to, next_at=now) for one in waiting], 1000)


class Silent:
    """A server that takes connections and says nothing."""

    def __init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.asked = 0
        self.held: list[socket.socket] = []

    @property
    def url(self) -> str:
        """Its address as Apprise writes it."""
        return f"json://127.0.0.1:{self.socket.getsockname()[1]}/"

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def serve(self) -> None:
        """Take connections until closed."""
        while True:
            try:
                self.held.append(self.socket.accept()[0])
            except OSError:
                return
            self.asked += 1
