"""Publishing outbox records as Celery tasks, many in one round trip, with short limits on everything that can hang."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import redis.exceptions
from celery import Celery
from kombu import Connection, Queue
from kombu.exceptions import KombuError, OperationalError

from receiver.outbox import Record

QUEUE = "ingest"
TASKS = {"image": "ingest.register_image", "event": "ingest.record_event"}
TIMEOUT_SECONDS = 0.5
BROKER_ERRORS = (OSError, KombuError, OperationalError, redis.exceptions.RedisError)


class Broker:
    """The broker at a Redis address. Methods raise one of BROKER_ERRORS within about a second when it is not there."""

    def __init__(self, url: str) -> None:
        self._app = Celery("receiver", broker=url, set_as_current=False)
        self._app.conf.update(
            task_queues=[Queue(QUEUE)],
            task_default_queue=QUEUE,
            task_ignore_result=True,
            task_publish_retry_policy={"max_retries": 0},
            broker_transport_options={
                "socket_timeout": TIMEOUT_SECONDS,
                "socket_connect_timeout": TIMEOUT_SECONDS,
                "max_retries": 0,  # the first connection is retried by other rules than a publish, and for ever
            },
        )
        self._connection: Connection | None = None
        self._producer: Any = None  # the published types lack what kombu 5.7 has

    def publish(self, records: Iterable[Record]) -> None:
        """Enqueue the records' tasks in order. After an error some of them may be queued all the same."""
        producer = self._connected()
        now = datetime.now(UTC).isoformat(timespec="microseconds")
        with producer.batch():
            for record in records:
                self._app.send_task(
                    TASKS[record.payload["kind"]],
                    args=[record.payload],
                    task_id=record.id,
                    queue=QUEUE,
                    producer=producer,
                    headers={"enqueued_at": now},
                    ignore_result=True,
                    argsrepr=record.id,  # what a task monitor shows; the payload stays out of it
                    kwargsrepr="",
                )

    def ping(self) -> None:
        """Make sure that the broker answers."""
        self._connected().channel.client.ping()

    def disconnect(self) -> None:
        """Drop the connection; the next call makes a new one."""
        connection, self._connection, self._producer = self._connection, None, None
        if connection is not None:
            connection.release()

    def _connected(self) -> Any:
        if self._producer is None:
            self._connection = self._app.connection_for_write()
            self._producer = self._app.amqp.Producer(self._connection)
        return self._producer
