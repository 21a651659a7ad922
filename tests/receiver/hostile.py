"""What a sender might send that is no message, or one that aims at whoever keeps or shows it.

The tests send it to our receiver, `benchmarks.hub_check` to any hub.
"""

from __future__ import annotations

import json
import pickle
import random

import numpy as np
import simplejpeg

from tests.receiver import peer

JPEG: bytes = simplejpeg.encode_jpeg(np.full((24, 32, 3), 90, np.uint8), 90)
GOOD = b'{"msg": "Garage cam|jpg"}'
NOISE: bytes = np.random.default_rng(3).integers(0, 255, (48, 64, 3), dtype=np.uint8).tobytes()
PHOTO: bytes = simplejpeg.encode_jpeg(np.frombuffer(NOISE, np.uint8).reshape(48, 64, 3), 80)


def text(msg: object, **more: object) -> bytes:
    return json.dumps({"msg": msg, **more}).encode()


def sized(width: int, height: int) -> bytes:
    """A JPEG whose header claims another size than it has."""
    at = PHOTO.index(b"\xff\xc0") + 5
    return PHOTO[:at] + height.to_bytes(2, "big") + width.to_bytes(2, "big") + PHOTO[at + 4 :]


REFUSED: dict[str, tuple[bytes, ...]] = {
    "one frame": (b"",),
    "header alone": (GOOD,),
    "three frames": (GOOD, JPEG, JPEG),
    "80 frames": (b"x",) * 80,
    "3000 frames": (b"",) * 3000,
    "empty header": (b"", JPEG),
    "no JSON": (b"Garage cam|jpg", JPEG),
    "half JSON": (b'{"msg": "Garage cam|jpg', JPEG),
    "not UTF-8": (b'{"msg": "\xff\xfe|jpg"}', JPEG),
    "deep JSON": (b"[" * 4000, JPEG),
    "deep objects": (b'{"msg":' * 500 + b"1" + b"}" * 500, JPEG),
    "huge whole number": (b'{"msg": ' + b"9" * 4000 + b"}", JPEG),
    "NaN": (b'{"msg": NaN}', JPEG),
    "pickle": (pickle.dumps({"msg": "Garage cam|jpg"}), JPEG),
    "list": (b'["Garage cam|jpg"]', JPEG),
    "null": (b"null", JPEG),
    "no text": (b"{}", JPEG),
    "text is a number": (text(1), JPEG),
    "text is a list": (text(["Garage cam|jpg"]), JPEG),
    "header of 1 MB": (text("x" * 1_000_000), JPEG),
    "long text": (text("Garage cam|motion|" + "x" * 3000), JPEG),
    "no name": (text("|jpg"), JPEG),
    "name of 300 characters": (text("n" * 300 + "|jpg"), JPEG),
    "view of 300 characters": (text("Garage " + "v" * 300 + "|jpg"), JPEG),
    "no picture": (GOOD, b""),
    "text for a picture": (GOOD, b"not a picture"),
    "PNG": (GOOD, b"\x89PNG\r\n\x1a\n" + bytes(100)),
    "HTML": (GOOD, b"<html><script>alert(1)</script>"),
    "magic and noise": (GOOD, b"\xff\xd8\xff" + bytes(range(200)) * 10),
    "JPEG bomb": (GOOD, sized(65_500, 65_500)),
    "JPEG of a million markers": (GOOD, b"\xff\xd8" + b"\xff\xe0\x00\x02" * 1_000_000),
    "JPEG of fill bytes": (GOOD, b"\xff\xd8" + b"\xff" * 4_000_000),
    "tuning picture that is a bomb": (text("ROI"), sized(65_500, 65_500)),
    "large second frame of an event": (text("Garage cam|motion|moving"), bytes(100_000)),
    "dtype object": (text("Garage cam|image", dtype="object", shape=[1, 1]), b"\x00"),
    "dtype float": (text("Garage cam|image", dtype="float64", shape=[1, 1]), bytes(8)),
    "shape beyond memory": (text("Garage cam|image", dtype="uint8", shape=[10**6, 10**6, 3]), b"\x00"),
    "shape beyond 64 bits": (text("Garage cam|image", dtype="uint8", shape=[10**30, 1]), b"\x00"),
    "negative shape": (text("Garage cam|image", dtype="uint8", shape=[-1, -1, 3]), bytes(3)),
    "shape of 100 sides": (text("Garage cam|image", dtype="uint8", shape=[1] * 100), b"\x00"),
    "shape is text": (text("Garage cam|image", dtype="uint8", shape="1x1"), b"\x00"),
    "raw picture cut short": (text("Garage cam|image", dtype="uint8", shape=[48, 64, 3]), NOISE[:-1]),
}
"""Requests, by the frames after the delimiter, that are to be answered with `REFUSED`."""

KEPT: dict[str, tuple[bytes, bytes]] = {
    "path that climbs": (text("../../../etc/cron.d/x y|jpg"), JPEG),
    "absolute path": (text("/etc/passwd x|jpg"), JPEG),
    "backslashes": (text("..\\..\\x y|jpg"), JPEG),
    "hidden name": (text(".ssh x|jpg"), JPEG),
    "NUL": (text("Gar\x00age c\x00m|jpg"), JPEG),
    "line that is forged": (text("Garage cam\n2026-01-01 00:00:00,000 ~ forged|jpg"), JPEG),
    "terminal escapes": (text("Garage \x1b[2J\x1b]0;x\x07|jpg"), JPEG),
    "lone surrogate": (b'{"msg": "Garage \\ud800|jpg"}', JPEG),
    "right-to-left override": (text("Garage \u202egpj.exe|jpg"), JPEG),
    "script": (text("<script>alert(1)</script> cam|jpg"), JPEG),
    "format characters": (text("%s%n{0} cam|jpg"), JPEG),
    "text twice": (b'{"msg": 1, "msg": "Garage cam|jpg"}', JPEG),
    "JPEG without its second half": (GOOD, PHOTO[: len(PHOTO) // 2]),
    "JPEG of three bytes": (GOOD, b"\xff\xd8\xff"),
    "JPEG that claims another size": (GOOD, sized(640, 480)),
    "JPEG and ZIP": (GOOD, JPEG + b"PK\x03\x04" + bytes(2000)),
    "JPEG and script": (GOOD, JPEG + b"<?php system($_GET[1]);"),
}
"""Requests with a picture, which is to be kept, inside its folder."""

GREETED = peer.GREETING + peer.ready()
RAW: dict[str, bytes] = {
    "nothing": b"",
    "HTTP": b"GET / HTTP/1.1\r\nHost: hub\r\n\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(500),
    "random bytes": random.Random(5).randbytes(100_000),
    "random bytes after the greeting": peer.GREETING + random.Random(6).randbytes(10_000),
    "random bytes after the handshake": GREETED + random.Random(7).randbytes(10_000),
    "ZMTP 1.0": b"\x01\x00" + b"\x01\x7e\x06\x00hello",
    "ZMTP 2.0": b"\xff" + bytes(7) + b"\x01\x7f\x01\x03\x00\x00" + b"\x01\x00\x00\x05hello",
    "half a greeting": peer.GREETING[:20],
    "a mechanism that nobody knows": peer.GREETING.replace(b"NULL", b"EVIL"),
    "PLAIN": peer.GREETING.replace(b"NULL\0", b"PLAIN") + peer.frame(b"\x05HELLO\x01a\x01b", peer.COMMAND),
    "a socket type that nobody knows": peer.GREETING + peer.ready(b"EVIL"),
    "another socket type": peer.GREETING + peer.ready(b"PUB"),
    "half a message": GREETED + peer.frame(b"", peer.MORE) + peer.frame(GOOD, peer.MORE),
    "half a frame": GREETED + peer.head(1000) + b"x" * 500,
    "a frame of 2**63 bytes": GREETED + peer.head(2**63 - 1),
    "a frame of 2**64 bytes": GREETED + peer.head(2**64 - 1),
    "a command after the handshake": GREETED + peer.frame(b"\x05EVILS" + bytes(100), peer.COMMAND),
    "a ping with a large context": GREETED + peer.frame(b"\x04PING\x00\x01" + bytes(60_000), peer.COMMAND),
    "a subscription": GREETED + peer.frame(b"\x09SUBSCRIBE", peer.COMMAND),
}
"""What a peer sends that speaks the protocol by hand, or not at all."""
