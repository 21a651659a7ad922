"""Encrypted senders: imagezmq's own, with the keys that `manage.py curve_keys` makes."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import imagezmq
import pytest
import zmq

from .conftest import JPEG, ROOT, Receiver, free_port, until

SENDER = """
import imagezmq, sys, zmq
with imagezmq.ImageSender(connect_to=sys.argv[1]) as sender:
    sender.zmq_socket.setsockopt(zmq.LINGER, 0)
    sender.zmq_socket.setsockopt(zmq.RCVTIMEO, int(sys.argv[3]))
    for _ in range(3):
        print(sender.send_jpg("Garage cam|jpg", open(sys.argv[2], "rb").read()).decode(), flush=True)
        sys.stdin.readline()
"""


class Site:
    """A receiver that takes both, and a Pi with our wrapper around a program that sends."""

    def __init__(self, receiver: Receiver, folder: Path) -> None:
        self.receiver, self.folder, self.port = receiver, folder, free_port()
        self.address = f"tcp://127.0.0.1:{self.port}"
        (folder / "sender.py").write_text(SENDER)
        (folder / "picture.jpg").write_bytes(JPEG)
        receiver.start(RECEIVER_ADDRESS=f"{receiver.address},curve://127.0.0.1:{self.port}")

    def keys(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "manage.py", "curve_keys", *arguments]
        environment = {**os.environ, "DATA_DIR": str(self.receiver.data)}
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)

    def give(self, name: str) -> Path:
        """A key file as it is put on a Pi."""
        file = self.folder / f"{name}.key"
        file.write_text(self.keys("add", name).stdout)
        return file

    def pi(self, key: Path, patience_ms: int = 20_000) -> subprocess.Popen[str]:
        command = [sys.executable, str(ROOT / "docs/pi/with_curve.py"), str(key), str(self.folder / "sender.py")]
        command += [self.address, str(self.folder / "picture.jpg"), str(patience_ms)]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True)


@pytest.fixture
def site(receiver: Receiver, tmp_path: Path) -> Iterator[Site]:
    yield Site(receiver, tmp_path)


def answers(pi: subprocess.Popen[str]) -> list[str]:
    said, _ = pi.communicate("\n\n\n", timeout=60)
    return said.splitlines()


def test_a_pi_with_its_key_sends_encrypted_and_others_send_as_before(site: Site, sender: imagezmq.ImageSender) -> None:
    assert answers(site.pi(site.give("gate"))) == ["OK"] * 3
    assert sender.send_jpg("Shed cam|jpg", JPEG) == b"OK"
    assert len(site.receiver.pictures()) == 4
    assert site.receiver.stop()[0] == 0


def test_nobody_gets_in_without_a_key_that_is_known(site: Site) -> None:
    key = site.give("gate")
    site.keys("remove", "gate")
    assert answers(site.pi(key, 1000)) == []
    with imagezmq.ImageSender(connect_to=site.address) as plain:
        plain.zmq_socket.setsockopt(zmq.LINGER, 0)
        plain.zmq_socket.setsockopt(zmq.RCVTIMEO, 500)
        with pytest.raises(zmq.Again):
            plain.send_jpg("Garage cam|jpg", JPEG)
    until(lambda: site.receiver.status()["refused"].get("unknown CURVE key", 0) >= 1)
    assert site.receiver.pictures() == []
    said = site.receiver.stop()[1]
    assert "unknown CURVE key: `manage.py curve_keys authorise NAME" in said


def test_a_key_that_is_removed_counts_no_more_also_for_who_is_connected(site: Site) -> None:
    pi = site.pi(site.give("gate"))
    assert pi.stdout is not None
    assert pi.stdout.readline() == "OK\n"
    assert site.keys("remove", "gate").returncode == 0
    time.sleep(0.1)
    assert answers(pi) == ["REFUSED unknown CURVE key"] * 2
    assert len(site.receiver.pictures()) == 1


@pytest.mark.parametrize("start", [b"", b"-"])
def test_a_pi_may_make_its_key_itself(site: Site, start: bytes) -> None:
    public, secret = next(pair for pair in iter(zmq.curve_keypair, None) if pair[0].startswith(start))
    said = site.keys("authorise", "gate", public.decode())
    server = said.stdout.split()[-1]
    assert server == site.keys("server").stdout.strip()
    assert site.keys("list").stdout == f"gate\t{public.decode()}\n"
    with zmq.Context() as context, context.socket(zmq.REQ) as socket:
        socket.curve_serverkey, socket.curve_publickey, socket.curve_secretkey = server.encode(), public, secret
        socket.connect(site.address)
        socket.send_multipart([b'{"msg": "Garage cam|jpg"}', JPEG])
        assert socket.recv() == b"OK"


def test_networks_that_are_not_allowed_may_send_encrypted(receiver: Receiver, tmp_path: Path) -> None:
    receiver.settings = {"RECEIVER_ALLOW": "10.0.0.0/8"}
    site = Site(receiver, tmp_path)
    assert answers(site.pi(site.give("gate"))) == ["OK"] * 3


def test_keys_are_for_their_owner_alone_and_names_stay_in_their_folder(site: Site) -> None:
    site.give("gate")
    folder = site.receiver.data / "curve"
    assert stat.S_IMODE((folder / "server.secret").stat().st_mode) == 0o600
    assert stat.S_IMODE((folder / "clients").stat().st_mode) == 0o700
    assert "secret" not in (folder / "clients" / "gate.public").read_text()
    for arguments, word in (
        (("add", "gate"), "already"),
        (("add", "../x"), "not a name"),
        (("authorise", "shed", "short"), "not a CURVE key"),
        (("remove", "shed"), "no key"),
    ):
        done = site.keys(*arguments)
        assert done.returncode == 1
        assert word in done.stderr
        assert len(done.stderr.splitlines()) == 1


def test_a_broken_key_of_the_hub_stops_the_start(receiver: Receiver) -> None:
    (receiver.data / "curve").mkdir(parents=True)
    (receiver.data / "curve" / "server.secret").write_text("x")
    process = receiver.spawn(RECEIVER_ADDRESS=f"curve://127.0.0.1:{receiver.port}")
    _, said = process.communicate(timeout=20)
    assert process.returncode == 2
    assert said.startswith("librarian: The CURVE keys in ")
    assert len(said.splitlines()) == 1
