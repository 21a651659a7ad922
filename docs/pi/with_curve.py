"""Run a program that sends with imagezmq, such as imagenode, so that everything it sends is encrypted with CURVE.

    python with_curve.py curve.key imagenode/imagenode.py [ARGUMENTS]

`curve.key` holds the lines that `manage.py curve_keys add NAME` printed on the hub. imagezmq itself knows no CURVE:
this gives the keys to each REQ socket that it makes, before it connects, and changes nothing else.
"""

from __future__ import annotations

import runpy
import sys
from pathlib import Path
from typing import Any

import imagezmq.imagezmq
import zmq

NAMES = {"server", "public", "secret"}


def read_keys(file: str) -> dict[str, bytes]:
    """The three keys of a file, each 40 characters."""
    lines = [line.strip() for line in Path(file).read_text().splitlines()]
    keys = dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    if set(keys) != NAMES or any(len(key) != 40 for key in keys.values()):
        raise SystemExit(f"{file} does not hold the three keys that `manage.py curve_keys add` prints")
    return {name: key.encode() for name, key in keys.items()}


def encrypt(keys: dict[str, bytes]) -> None:
    """Have every REQ socket of imagezmq use the keys."""
    context = imagezmq.imagezmq.SerializingContext
    plain_socket = context.socket

    def socket(self: Any, *arguments: Any, **options: Any) -> Any:
        made = plain_socket(self, *arguments, **options)
        if made.socket_type == zmq.REQ:
            made.curve_serverkey = keys["server"]
            made.curve_publickey = keys["public"]
            made.curve_secretkey = keys["secret"]
        return made

    context.socket = socket


if __name__ == "__main__":
    if len(sys.argv) < 3:
        raise SystemExit(__doc__)
    encrypt(read_keys(sys.argv[1]))
    program = sys.argv[2]
    sys.argv = sys.argv[2:]
    sys.path.insert(0, str(Path(program).resolve().parent))
    runpy.run_path(program, run_name="__main__")
