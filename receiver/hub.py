"""The loop around the socket: reads the requests that have come, has them kept, and answers."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import zmq
from uuid_utils.compat import uuid7

import heartbeat
from receiver import wire
from receiver.encode import Encoders
from receiver.entrance import Entrance
from receiver.farewell import flush_and_close
from receiver.gate import UNKNOWN_KEY
from receiver.keeper import Job, Keeper
from receiver.limits import Limits
from receiver.live import Live
from receiver.messages import Heartbeat, Message, Picture, Refused, Tuning, parse
from receiver.senders import Sender, Senders
from receiver.status import Status
from receiver.store import path_of
from receiver.wake import Wake

log = logging.getLogger("receiver")
OK = b"OK"
MOST_HELD_BYTES = 64 * 1024 * 1024  # above, the socket is left alone and senders wait in their own memory
AT_ONCE = 64  # requests read before they are kept and answered
MOST_OPEN = 192  # messages on their way to disk, each with an open file
GATHER_SECONDS = 0.2
FLUSH_SECONDS = 3.0  # the longest that a stop waits for a slow disk and for pictures that are being encoded


@dataclass(frozen=True, slots=True)
class Common:
    """What the hubs of all addresses have in common; it serves any thread."""

    status: Status
    limits: Limits
    live: Live
    kept: Callable[[], None]
    """Called after messages were made durable."""


class Hub:
    """Serves senders until `stop`. Only the thread in `run` touches the socket."""

    def __init__(self, entrance: Entrance, keeper: Keeper, common: Common, wake: Wake) -> None:
        self._entrance, self._socket, self._refusals = entrance, entrance.socket, entrance.refusals
        self._status, self._limits, self._live, self._kept = common.status, common.limits, common.live, common.kept
        self._keeper, self._wake, self._senders = keeper, wake, Senders()
        self._status.senders.append(self._senders)
        self._poller = zmq.Poller()
        for source in (wake.receiving, keeper.workers.descriptor, *entrance.attended):
            self._poller.register(source, zmq.POLLIN)
        self._reading = self._came = False
        self._encoders = Encoders(wake.ring)
        self._encoding = self._held_bytes = 0
        self._batch: list[Job] = []
        self._replies: list[tuple[bytes, bytes]] = []
        self._stop_at: float | None = None
        self._failure: BaseException | None = None

    def stop(self) -> None:
        """Read on for a moment, then answer everyone at once and return from `run`; from a signal handler.

        Whoever waits for a reply when the socket closes gets one; a request that comes in while it closes is lost,
        and its sender waits for ever.
        """
        if self._stop_at is None:
            self._stop_at = time.monotonic() + GATHER_SECONDS
        self._wake.ring()

    def fail(self, problem: BaseException) -> None:
        """Stop, and have `run` raise, because a thread that it relies on has ended; from any thread."""
        self._failure = self._failure or problem
        self.stop()

    def run(self) -> None:
        """Serve until `stop`; raises whatever ended one of the threads."""
        while not self._is_over():
            self._turn(reading=self._has_room())
        left = self._encoders.stop()
        self._take_encoded()
        self._keep()
        while self._keeper.in_flight and not self._failure:
            self._keeper.workers.wait()
            self._keep()
        for job in left:
            self._refuse(job.identity, "stopping", "this machine", "not encoded in time", job.message.node)
        flush_and_close(self._socket, self._replies, self._entrance.ports)
        if self._failure is not None:
            raise RuntimeError("a thread of the receiver ended") from self._failure

    def _is_over(self) -> bool:
        """Once the moment is over, and nothing came in the last turn: whoever is not answered then would wait for ever.

        That comes soon, because replies are held, and a sender has one request in flight.
        """
        if self._stop_at is None:
            return False
        self._entrance.shut()
        now = time.monotonic()
        busy = self._came or self._encoding > 0 or self._keeper.in_flight > 0 or not self._entrance.is_quiet()
        return now >= self._stop_at + (FLUSH_SECONDS if busy else 0.0)

    def _turn(self, *, reading: bool) -> None:
        """Wait for something to do and do it once."""
        if reading != self._reading:
            self._reading = reading
            for source in self._entrance.sources:
                self._poller.modify(source, zmq.POLLIN if reading else 0)
        ready = dict(self._poller.poll(self._patience_ms()))
        if self._wake.receiving.fileno() in ready:
            self._wake.quiet()
        self._came = False
        self._take_encoded()
        self._entrance.attend(ready)
        if not ready.keys().isdisjoint(self._entrance.sources):
            self._read()
        self._keep()
        self._status.save_when_due()
        self._tell()

    def _tell(self) -> None:
        heartbeat.alive()

    def _patience_ms(self) -> int:
        due = min(self._status.seconds_to_save(), self._entrance.seconds_to_check())
        if self._stop_at is not None:
            due = min(due, max(0.0, self._stop_at - time.monotonic())) if time.monotonic() < self._stop_at else 0.1
        return int(due * 1000) + 1

    def _read(self) -> None:
        for request in self._entrance.receive(AT_ONCE):
            self._take(request)
            if not self._has_room():
                break

    def _has_room(self) -> bool:
        return self._held_bytes < MOST_HELD_BYTES and self._keeper.in_flight + len(self._batch) < MOST_OPEN

    def _take_encoded(self) -> None:
        while self._encoders.done:
            self._batch.append(self._encoders.done.popleft())
            self._encoding -= 1

    def _take(self, request: wire.Request) -> None:
        self._came = True
        self._status.count_received()
        try:
            if not request.delimited:
                raise Refused("no empty delimiter")
            if not self._entrance.admits(request):
                raise Refused(UNKNOWN_KEY)
            self._accept(request, parse(request.frames))
        except Refused as refusal:
            text = bytes(request.frames[0][:80]) if request.frames else b""
            self._refuse(request.identity, str(refusal), request.peer, repr(text), refusal.node)

    def _accept(self, request: wire.Request, message: Message) -> None:
        now = datetime.now(UTC)
        sender = self._meet(request, "" if isinstance(message, Tuning) else message.node)
        if isinstance(message, Tuning):
            self._status.count_tuning()
            self._live.tuning(sender, request.sender, message)
        elif isinstance(message, Heartbeat):
            self._status.count_heartbeat(message.node, now)
        else:
            self._status.seen(message.node, now)
            if isinstance(message, Picture):
                self._limits.check(message.node, now)
            self._queue(Job(request.identity, message, str(uuid7()), now, request.size))
            return
        self._replies.append((request.identity, OK))

    def _meet(self, request: wire.Request, node: str) -> Sender:
        """Whose message it is; `node` is what it calls itself, empty where it does not say."""
        sender = self._senders.known(request.sender) or self._senders.add(request.sender, request.peer)
        if node:
            sender.node = node
        return sender

    def _refuse(self, identity: bytes, reason: str, peer: str, detail: str, node: str) -> None:
        self._refusals.note(reason, peer, detail, node)
        self._replies.append((identity, f"REFUSED {reason}".encode()))

    def _queue(self, job: Job) -> None:
        self._held_bytes += job.size
        if isinstance(job.message, Picture) and job.message.shape:
            self._encoding += 1
            self._encoders.put(job)
            return
        job.jpeg = job.message.data if isinstance(job.message, Picture) else None
        self._batch.append(job)

    def _keep(self) -> None:
        """Have what came made durable, and answer whoever has waited for what is."""
        jobs, self._batch = self._batch, []
        self._keeper.attend()
        self._keeper.put(jobs)
        jobs = self._keeper.take()
        for job in jobs:
            self._held_bytes -= job.size
            if job.refusal is None:
                self._replies.append((job.identity, OK))
            else:
                self._refuse(job.identity, job.refusal, "this machine", repr(job.problem), job.message.node)
        self._send_replies()  # before whatever a sender need not wait for
        self._note_kept([job for job in jobs if job.refusal is None])

    def _note_kept(self, jobs: Sequence[Job]) -> None:
        for job in jobs:
            self._status.count_kept(job)
            # On INFO the forwarder has a line for each message. Here one would cost less than can be measured at 700
            # messages a second, but whoever reads these lines may hang, and then so would every sender.
            what = path_of(job.written) if job.written else job.message.text
            log.debug("kept %s", what, extra={"message_id": job.id})
        if jobs:
            self._kept()

    def _send_replies(self) -> None:
        if self._stop_at is not None:
            return  # held until nobody sends any more
        for identity, text in self._replies:
            wire.reply(self._socket, identity, text)
        self._replies.clear()
