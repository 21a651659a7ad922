"""Whatever one peer sends, the next one is served."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import imagezmq
import numpy as np
import pytest
import simplejpeg
import zmq
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from receiver.jpeg import claimed_size
from receiver.messages import Refused, parse

from . import peer
from .conftest import PATIENCE, Receiver, patient, until
from .hostile import GOOD, JPEG, KEPT, PHOTO, RAW, REFUSED

SECONDS = 5.0  # the sender below gets its OK within 0.1 s on an idle machine; those that run this may be busy


class Site:
    """One receiver for all of this, and a sender that is always served."""

    def __init__(self, receiver: Receiver) -> None:
        self.receiver = receiver.start(RECEIVER_MAX_FRAME="64MiB")
        self.context = zmq.Context()
        self.served = 0
        self.good = patient(imagezmq.ImageSender(connect_to=receiver.address))

    def serves(self) -> None:
        """A good sender is answered soon, and its picture is there."""
        began = time.monotonic()
        self.served += 1
        assert self.good.send_jpg(f"Good{self.served} cam|jpg", JPEG) == b"OK"
        assert time.monotonic() - began < SECONDS
        assert len([file for file in self.receiver.pictures() if file.name.startswith(f"Good{self.served}-")]) == 1

    def ask(self, *frames: bytes, kind: int = zmq.REQ) -> list[bytes]:
        with self.context.socket(kind) as socket:
            socket.setsockopt(zmq.LINGER, 0)
            socket.setsockopt(zmq.RCVTIMEO, int(PATIENCE * 1000))
            socket.connect(self.receiver.address)
            socket.send_multipart(frames)
            return socket.recv_multipart()

    def memory(self) -> int:
        """Bytes that the receiver has in memory."""
        assert self.receiver.process is not None
        pages = Path(f"/proc/{self.receiver.process.pid}/statm").read_text().split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    def refused(self, reason: str) -> int:
        count: int = self.receiver.status()["refused"].get(reason, 0)
        return count

    def refused_so_far(self, reason: str) -> int:
        """By a state that is newer than all that was sent: it is written once a second."""
        self.serves()
        now = datetime.now(UTC).isoformat(timespec="microseconds")
        until(lambda: self.receiver.status()["updated_at"] > now)
        return self.refused(reason)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    made = Site(Receiver(tmp_path_factory.mktemp("hostile") / "data"))
    yield made
    made.good.close()
    status, said = made.receiver.stop()
    made.context.destroy(linger=0)
    assert status == 0
    assert "Traceback" not in said
    assert all(line.isprintable() for line in said.splitlines())
    assert not any(line.startswith("2026-01-01 00:00:00,000") for line in said.splitlines())


@pytest.mark.parametrize("name", REFUSED)
def test_it_answers_what_it_refuses(site: Site, name: str) -> None:
    assert site.ask(*REFUSED[name])[0].startswith(b"REFUSED ")
    site.serves()


@pytest.mark.parametrize("name", KEPT)
def test_it_keeps_what_is_a_picture_in_its_folder(site: Site, name: str) -> None:
    before = set(site.receiver.pictures())
    assert site.ask(*KEPT[name]) == [b"OK"]
    site.serves()
    kept = set(site.receiver.pictures()) - before
    assert kept == set(site.receiver.data.rglob("*.jpg")) - before
    assert len(kept) == 2
    assert all(file.name.isprintable() and not file.name.startswith(".") for file in kept)
    assert KEPT[name][1] in [file.read_bytes() for file in kept]


def test_it_answers_a_peer_without_a_delimiter(site: Site) -> None:
    assert site.ask(GOOD, JPEG, kind=zmq.DEALER) == [b"", b"REFUSED no empty delimiter"]
    assert site.ask(GOOD, kind=zmq.DEALER) == [b"", b"REFUSED no empty delimiter"]
    site.serves()


@pytest.mark.parametrize("name", RAW)
def test_it_serves_others_while_a_peer_sends_bytes_of_its_own(site: Site, name: str) -> None:
    with peer.connect(site.receiver.port, handshake=False) as connection:
        connection.sendall(RAW[name])
        site.serves()
    site.serves()


def test_it_serves_others_while_300_connections_are_idle(site: Site) -> None:
    idle = [peer.connect(site.receiver.port, handshake=bool(n % 2)) for n in range(300)]
    site.serves()
    for connection in idle:
        connection.close()
    site.serves()


def test_peers_that_vanish_before_their_answer_cost_nothing(site: Site) -> None:
    before = len(site.receiver.pictures())
    for _ in range(50):
        with peer.connect(site.receiver.port) as connection:
            connection.sendall(peer.frame(b"", peer.MORE) + peer.frame(GOOD, peer.MORE) + peer.frame(JPEG))
    site.serves()
    until(lambda: len(site.receiver.pictures()) == before + 51)


def test_a_frame_above_the_limit_is_cut_off_counted_and_logged(site: Site) -> None:
    before = site.refused_so_far("frame above RECEIVER_MAX_FRAME")
    with peer.connect(site.receiver.port) as connection:
        connection.sendall(peer.frame(b"", peer.MORE) + peer.frame(GOOD, peer.MORE) + peer.head(300_000_000))
        try:
            for _ in range(300):
                connection.sendall(bytes(1_000_000))
        except OSError:
            pass
        assert peer.is_cut(connection)
    site.serves()
    until(lambda: site.refused("frame above RECEIVER_MAX_FRAME") == before + 1)


def test_parts_without_end_are_cut_off_before_they_fill_the_memory(site: Site) -> None:
    before = site.refused_so_far("parts without end")
    part = peer.frame(bytes(1_000_000), peer.MORE)
    sent = 0
    with peer.connect(site.receiver.port, source="127.0.0.4") as connection:
        try:
            while sent < 4_000_000_000:
                connection.sendall(part)
                sent += len(part)
        except OSError:
            pass
        assert sent < 4_000_000_000
    site.serves()
    until(lambda: site.refused("parts without end") > before)
    until(lambda: site.memory() < 400_000_000)


def test_tiny_parts_without_end_are_cut_off_too(site: Site) -> None:
    reason = "memory for what arrives used up"
    before, most = site.refused(reason), 0
    parts = peer.frame(b"", peer.MORE) * 500_000
    with peer.connect(site.receiver.port) as connection:
        try:
            for _ in range(1000):
                connection.sendall(parts)
                most = max(most, site.memory())
        except OSError:
            pass
    assert most < 1_600_000_000
    site.serves()
    until(lambda: site.refused(reason) > before)
    until(lambda: site.memory() < 400_000_000)


def test_a_message_of_very_many_parts_comes_once_and_its_sender_is_shut_out(site: Site) -> None:
    with peer.connect(site.receiver.port, source="127.0.0.5") as connection:
        connection.sendall(peer.frame(b"", peer.MORE) * 200_000 + peer.frame(b""))
        assert peer.is_cut(connection)
    site.serves()
    until(lambda: site.refused("far too many parts") == 1)
    with pytest.raises(OSError, match=r"turned away|reset"):
        peer.connect(site.receiver.port, source="127.0.0.5")
    site.serves()


def test_many_peers_with_frames_just_below_the_limit_share_a_bound(site: Site) -> None:
    before = site.refused_so_far("memory for what arrives used up")
    connections = [peer.connect(site.receiver.port) for _ in range(14)]
    most = 0
    for connection in connections:
        try:
            connection.sendall(peer.frame(b"", peer.MORE) + peer.frame(GOOD, peer.MORE) + peer.head(60_000_000))
            for _ in range(55):
                connection.sendall(bytes(1_000_000))
        except OSError:
            pass
        most = max(most, site.memory())
        site.serves()
    assert most < 1_000_000_000
    until(lambda: site.refused("memory for what arrives used up") > before)
    for connection in connections:
        connection.close()


def test_the_log_names_the_peer_and_the_reason_once(tmp_path: Path) -> None:
    receiver = Receiver(tmp_path / "data").start()
    context = zmq.Context()
    for _ in range(20):
        with context.socket(zmq.REQ) as socket:
            socket.connect(receiver.address)
            socket.send_multipart([GOOD, b"not a picture"])
            assert socket.recv() == b"REFUSED not a JPEG"
    _, said = receiver.stop()
    context.term()
    [line] = [line for line in said.splitlines() if "not a JPEG" in line]
    assert line.endswith('refused from 127.0.0.1: not a JPEG: b\'{"msg": "Garage cam|jpg"}\'')


LEAF = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40)
VALUES = st.recursive(LEAF, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner))
TEXTS = st.one_of(VALUES, st.text(max_size=400), st.lists(st.text(max_size=90)).map("|".join))
HEADERS = st.one_of(
    st.binary(max_size=200),
    st.fixed_dictionaries(
        {"msg": TEXTS}, optional={"dtype": st.just("uint8") | VALUES, "shape": st.lists(st.integers(-2, 9)) | VALUES}
    ).map(lambda header: json.dumps(header).encode()),
)
PICTURES = st.one_of(
    st.binary(max_size=200), st.binary(max_size=200).map(lambda rest: JPEG[:30] + rest), st.just(JPEG), st.just(PHOTO)
)


@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(HEADERS, max_size=2).flatmap(lambda heads: st.tuples(st.just(heads), st.lists(PICTURES, max_size=2))))
def test_the_parser_gives_a_message_or_a_reason(frames: tuple[list[bytes], list[bytes]]) -> None:
    try:
        message = parse([*frames[0], *frames[1]])
    except Refused as refusal:
        assert 0 < len(str(refusal)) < 60
        return
    node, view = getattr(message, "node", "_"), getattr(message, "view", "")
    assert node
    assert (node + view + getattr(message, "text", "")).isprintable()
    assert not {"/", "\\"} & set(node + view)
    assert not node.startswith(".")


@settings(max_examples=600, deadline=None)
@given(st.binary(max_size=300), st.integers(0, len(PHOTO)), st.binary(max_size=3))
def test_the_reader_of_sizes_ends(noise: bytes, cut: int, change: bytes) -> None:
    for data in (b"\xff\xd8\xff" + noise, PHOTO[:cut] + noise, PHOTO[:cut] + change + PHOTO[cut + len(change) :]):
        try:
            size = claimed_size(data)
        except ValueError:
            continue
        assert size is None or all(0 <= side <= 65_535 for side in size)


def test_it_reads_the_size_that_decoders_read() -> None:
    for kind in ("444", "420"):
        for height, width in ((1, 1), (48, 64), (1080, 1920)):
            data = simplejpeg.encode_jpeg(np.zeros((height, width, 3), np.uint8), 80, "BGR", kind)
            assert claimed_size(data) == (width, height)
            assert claimed_size(memoryview(data)) == (width, height)
