"""A channel whose other side goes on answering for ever."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.alerts_site import run
from tests.alerts.servers import webhook
from tests.harness import eventually, installation, private_env

LIMIT_SECONDS = 60


@contextmanager
def drip() -> Iterator[str]:
    """The address of a server that sends a byte a second, so that no timeout for silence ever ends a call."""
    listener = socket.create_server(("127.0.0.1", 0))

    def answer(one: socket.socket) -> None:
        try:
            while True:
                one.sendall(b"H")
                time.sleep(1)
        except OSError:
            one.close()

    def serve() -> None:
        while True:
            try:
                one = listener.accept()[0]
            except OSError:
                return
            threading.Thread(target=answer, args=(one,), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"json://127.0.0.1:{listener.getsockname()[1]}/"
    finally:
        listener.close()


def test_a_call_that_never_ends_is_ended_and_holds_up_no_other_channel(tmp_path: Path) -> None:
    with webhook() as hook, drip() as dripping, installation(tmp_path, private_env(tmp_path)) as site:
        run(site, f"put(channel('drip', {dripping!r}), 1)")
        state = "SELECT attempts, answer FROM alerts_delivery WHERE channel_id = 1"
        eventually(lambda: site.rows(state)[0][0] == 1, 20)
        run(site, f"put(channel('hook', {hook.url!r}), 3)")
        eventually(lambda: len(hook.got) == 3, 20)
        assert site.rows(state) == [(1, "")], "the first still hangs"
        eventually(lambda: "SoftTimeLimitExceeded" in site.rows(state)[0][1], LIMIT_SECONDS + 10)
