"""The loop around the socket: reads requests, hands what is to be kept to the keeper, answers what is done."""

from __future__ import annotations

import logging
import time
from datetime import UTC, datetime

import zmq
from uuid_utils.compat import uuid7

from receiver import wire
from receiver.farewell import flush_and_close
from receiver.keeper import Job, Keeper
from receiver.live import Live
from receiver.messages import Heartbeat, Message, Refused, Tuning, parse
from receiver.senders import Sender, Senders
from receiver.status import Status
from receiver.throttle import Throttle
from receiver.wake import Wake

log = logging.getLogger("receiver")
OK = b"OK"
MOST_HELD = 512  # requests; above, the socket is left alone and senders wait in their own memory
MOST_HELD_BYTES = 256 * 1024 * 1024
AT_ONCE = 64  # requests read before replies get their turn
GATHER_SECONDS = 0.2
FLUSH_SECONDS = 5.0  # the longest that a stop waits for a slow disk


class Hub:
    """Serves senders until `stop`. Only the thread in `run` touches the socket."""

    def __init__(self, socket: zmq.Socket[bytes], keeper: Keeper, status: Status, live: Live, wake: Wake) -> None:
        self._socket, self._keeper, self._status, self._wake = socket, keeper, status, wake
        self._live, self._senders = live, Senders()
        status.senders.append(self._senders)
        self._poller = zmq.Poller()
        self._poller.register(wake.receiving, zmq.POLLIN)
        self._held = self._held_bytes = 0
        self._replies: list[tuple[bytes, bytes]] = []
        self._throttle = Throttle()
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
        """Have `run` raise, because a thread that it relies on has ended; from any thread."""
        self._failure = problem
        self._wake.ring()

    def run(self) -> None:
        """Serve until `stop`; raises whatever ended one of the threads."""
        while self._stop_at is None or time.monotonic() < self._stop_at:
            self._turn(reading=self._has_room())
        give_up_at = time.monotonic() + FLUSH_SECONDS
        while self._held and time.monotonic() < give_up_at:
            self._turn(reading=False)
        flush_and_close(self._socket, self._replies)

    def _turn(self, *, reading: bool) -> None:
        """Wait for something to do and do it once."""
        self._poller.modify(self._socket, zmq.POLLIN if reading else 0)
        ready = dict(self._poller.poll(self._patience_ms()))
        if self._wake.receiving.fileno() in ready:
            self._wake.quiet()
        if self._failure is not None:
            raise RuntimeError("a thread of the receiver ended") from self._failure
        self._take_done()
        if self._socket in ready:
            self._read()
        self._send_replies()
        self._status.save_when_due()

    def _patience_ms(self) -> int:
        due = self._status.seconds_to_save()
        if self._stop_at is not None:
            due = min(due, max(0.0, self._stop_at - time.monotonic())) if time.monotonic() < self._stop_at else 0.1
        return int(due * 1000) + 1

    def _read(self) -> None:
        for _ in range(AT_ONCE):
            request = wire.receive(self._socket) if self._has_room() else None
            if request is None:
                break
            self._take(request)

    def _has_room(self) -> bool:
        return self._held < MOST_HELD and self._held_bytes < MOST_HELD_BYTES

    def _take(self, request: wire.Request) -> None:
        self._status.count_received()
        try:
            if not request.delimited:
                raise Refused("no empty delimiter")
            self._accept(request, parse(request.frames))
        except Refused as refusal:
            self._refuse(request.identity, str(refusal), bytes(request.frames[0][:80]) if request.frames else b"")

    def _accept(self, request: wire.Request, message: Message) -> None:
        now = datetime.now(UTC)
        sender = self._meet(request, "" if isinstance(message, Tuning) else message.node)
        if isinstance(message, Tuning):
            self._status.count_tuning()
            self._live.tuning(sender, request.identity, message)
        elif isinstance(message, Heartbeat):
            self._status.count_heartbeat(message.node, now)
        else:
            self._status.seen(message.node, now)
            self._held += 1
            self._held_bytes += request.size
            self._keeper.put(Job(request.identity, message, str(uuid7()), now, request.size))
            return
        self._replies.append((request.identity, OK))

    def _meet(self, request: wire.Request, node: str) -> Sender:
        """Whose message it is; `node` is what it calls itself, empty where it does not say."""
        sender = self._senders.known(request.identity) or self._senders.add(request.identity, request.peer)
        if node:
            sender.node = node
        return sender

    def _refuse(self, identity: bytes, reason: str, detail: object) -> None:
        self._status.count_refused(reason)
        self._throttle.warn(reason, f"refused: {reason}: {detail!r}")
        self._replies.append((identity, f"REFUSED {reason}".encode()))

    def _take_done(self) -> None:
        done = self._keeper.done
        while done:
            job = done.popleft()
            self._held -= 1
            self._held_bytes -= job.size
            if job.refusal is None:
                self._status.count_kept(job)
                # On INFO the forwarder has a line for each message. Here one would cost less than can be measured at
                # 700 messages a second, but whoever reads these lines may hang, and then so would every sender.
                log.debug("kept %s", job.stored.path if job.stored else job.message.text, extra={"message_id": job.id})
                self._replies.append((job.identity, OK))
            else:
                self._refuse(job.identity, job.refusal, job.problem)

    def _send_replies(self) -> None:
        if self._stop_at is not None:
            return  # held until nobody sends any more
        for identity, text in self._replies:
            wire.reply(self._socket, identity, text)
        self._replies.clear()
