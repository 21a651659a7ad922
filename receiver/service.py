"""The receiver put together: folders, threads, socket, signals."""

from __future__ import annotations

import fcntl
import os
import signal
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from environment import EnvironmentProblem, make_data_dir, metrics_token
from receiver import metrics
from receiver.entrance import Entrance, listening
from receiver.eventlog import EventLog
from receiver.forwarding import Forwarding
from receiver.hub import Common, Hub
from receiver.journal import Journal
from receiver.keeper import Keeper
from receiver.limits import Limits
from receiver.live import Live
from receiver.live_hub import LiveHub, SecondAddress
from receiver.patience import Patience
from receiver.status import Status
from receiver.store import Store
from receiver.wake import Wake

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from environment import Environment


@dataclass(frozen=True, slots=True)
class _Shared:
    """What the hubs of both addresses and their keepers have in common."""

    env: Environment
    journal: Journal
    events: EventLog
    common: Common


def serve(env: Environment) -> None:
    """Receive until SIGTERM or SIGINT.

    Raises EnvironmentProblem, one line for a person, when this cannot start; anything else is a defect.
    """
    _make_folders(env)
    with _only_one(env.outbox_dir / f"{env.receiver_id}.lock", env.receiver_id):
        wake = Wake()
        forwarding = Forwarding(wake.ring)
        common = _common(env, forwarding)
        # Closed at the end with their linger; else a failure would wait for senders that never come.
        with listening(env, common.status) as (entrance, live_entrance):
            common.status.include("subscriptions", entrance.subscriptions.state)
            journal = Journal(env.outbox_dir / f"{env.receiver_id}.journal")
            shared = _Shared(env, journal, EventLog(env.logs_dir, env.receiver_id), common)
            hub = Hub(entrance, _keeper(shared), common, wake)
            second = [_second(shared, live_entrance)] if live_entrance else []
            _on_end(hub, *(one.hub for one in second))
            _serve_metrics(env, common.status)
            forwarding.start()
            for thread in (common.live, *_patience(shared), *second):
                thread.start()
            try:
                hub.run()
            finally:
                for one in second:
                    one.stop()
            common.live.stop()
            forwarding.stop()
            common.status.save()


def _common(env: Environment, forwarding: Forwarding) -> Common:
    status = Status(env.run_dir, env.zone, _identity(env), forwarding.state)
    limits = Limits(env.run_dir / "node_settings.json", env.zone, status)
    return Common(status, limits, Live(env.redis_url, env.receiver_id), forwarding.notice)


def _make_folders(env: Environment) -> None:
    make_data_dir(env.data_dir)
    for folder in (env.images_dir, env.outbox_dir, env.logs_dir, env.run_dir):
        folder.mkdir(parents=True, exist_ok=True)


def _keeper(shared: _Shared) -> Keeper:
    env = shared.env
    store = Store(env.data_dir, env.zone)
    store.remove_leftovers()
    return Keeper(store, shared.journal, shared.events, env.receiver_id)


def _identity(env: Environment) -> dict[str, object]:
    return {
        "id": env.receiver_id,
        "pid": os.getpid(),
        "address": ", ".join(env.receiver_address),
        "started_at": datetime.now(UTC).isoformat(timespec="microseconds"),
    }


def _patience(shared: _Shared) -> list[Patience]:
    seconds = shared.env.receiver_patience_minutes * 60
    return [Patience(seconds, lambda: shared.common.status.last_message, shared.events.write)] if seconds else []


def _second(shared: _Shared, entrance: Entrance) -> SecondAddress:
    """What serves RECEIVER_LIVE_ADDRESS, with a keeper of its own."""
    hub = LiveHub(entrance, _keeper(shared), shared.common, Wake())
    hub.keep_seconds = shared.env.receiver_live_keep_seconds
    return SecondAddress(hub)


def _on_end(*hubs: Hub) -> None:
    """Signals stop the hubs in order; a thread that ends by an exception takes the first one down."""

    def stop(*_: object) -> None:
        for hub in hubs:
            hub.stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    threading.excepthook = lambda ended: hubs[0].fail(ended.exc_value or RuntimeError(str(ended.exc_type)))


def _serve_metrics(env: Environment, status: Status) -> None:
    status.save()  # so that the first scrape has something to show
    if env.receiver_metrics_address is None:
        return
    try:
        metrics.serve(env.receiver_metrics_address, lambda: status.latest, metrics_token(env))
    except OSError as problem:
        host, port = env.receiver_metrics_address
        text = f"RECEIVER_METRICS_ADDRESS={f'{host}:{port}'!r} cannot be bound: {problem.strerror or problem}."
        raise EnvironmentProblem(text) from None


@contextmanager
def _only_one(path: Path, receiver_id: str) -> Iterator[None]:
    """Hold the lock of a receiver id on this data folder; the kernel lets go of it however the process ends."""
    with path.open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            text = f"RECEIVER_ID={receiver_id!r}: another receiver with this id runs on this data folder."
            raise EnvironmentProblem(text) from None
        yield
