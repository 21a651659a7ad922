"""The receiver put together: folders, threads, socket, signals."""

from __future__ import annotations

import fcntl
import os
import signal
import threading
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import zmq

from environment import EnvironmentProblem, make_data_dir
from receiver import metrics, wire
from receiver.broker import Broker
from receiver.eventlog import EventLog
from receiver.forwarder import Forwarder
from receiver.hub import Hub
from receiver.keeper import Keeper
from receiver.outbox import Outbox
from receiver.patience import Patience
from receiver.status import Status
from receiver.store import Store
from receiver.wake import Wake

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from environment import Environment


def serve(env: Environment) -> None:
    """Receive until SIGTERM or SIGINT.

    Raises EnvironmentProblem, one line for a person, when this cannot start; anything else is a defect.
    """
    _make_folders(env)
    with _only_one(env.outbox_dir / f"{env.receiver_id}.lock", env.receiver_id), zmq.Context() as context:
        socket = _bind(context, env)
        wake = Wake()
        forwarder = Forwarder(env.outbox_dir / f"{env.receiver_id}.sqlite3", Broker(env.redis_url), wake.ring)
        status = Status(env.run_dir / "receiver.json", _identity(env), forwarder.state)
        events = EventLog(env.logs_dir / "imagehub.log")
        keeper = _keeper(env, events, wake, forwarder)
        hub = Hub(socket, keeper, status, wake)
        _on_end(hub)
        _serve_metrics(env, status)
        forwarder.start()
        keeper.start()
        if env.receiver_patience_minutes:
            Patience(env.receiver_patience_minutes * 60, lambda: status.last_message, events.write).start()
        try:
            hub.run()
        finally:
            socket.close()  # with its linger; else a failure would wait for senders that never come
        keeper.stop()
        forwarder.stop()
        status.save()


def _make_folders(env: Environment) -> None:
    make_data_dir(env.data_dir)
    for folder in (env.images_dir, env.outbox_dir, env.logs_dir, env.run_dir):
        folder.mkdir(parents=True, exist_ok=True)


def _keeper(env: Environment, events: EventLog, wake: Wake, forwarder: Forwarder) -> Keeper:
    store = Store(env.data_dir, env.zone)
    store.remove_leftovers()

    def committed() -> None:
        wake.ring()
        forwarder.notice()

    outbox = Outbox(env.outbox_dir / f"{env.receiver_id}.sqlite3")
    return Keeper(store, outbox, events, env.receiver_id, committed)


def _identity(env: Environment) -> dict[str, object]:
    return {
        "id": env.receiver_id,
        "pid": os.getpid(),
        "address": env.receiver_address,
        "started_at": datetime.now(UTC).isoformat(timespec="microseconds"),
    }


def _on_end(hub: Hub) -> None:
    """Signals stop the hub in order; a thread that ends by an exception takes it down."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: hub.stop())
    threading.excepthook = lambda ended: hub.fail(ended.exc_value or RuntimeError(str(ended.exc_type)))


def _bind(context: zmq.Context[zmq.Socket[bytes]], env: Environment) -> zmq.Socket[bytes]:
    try:
        return wire.bind(context, env.receiver_address, env.receiver_max_frame)
    except zmq.ZMQError as problem:
        text = f"RECEIVER_ADDRESS={env.receiver_address!r} cannot be bound: {problem.strerror or problem}."
        raise EnvironmentProblem(text) from None


def _serve_metrics(env: Environment, status: Status) -> None:
    status.save()  # so that the first scrape has something to show
    if env.receiver_metrics_address is None:
        return
    try:
        metrics.serve(env.receiver_metrics_address, lambda: status.latest)
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
