"""Downloads from a real server on this machine that behaves as servers and networks do."""

from __future__ import annotations

import hashlib
import http.server
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from detections import fetchable
from detections.fetchable import Fetchable
from detections.fetching import fetch
from detections.modelfiles import ModelProblem
from environment import BASE_DIR

CONTENT = bytes(range(256)) * 4096
HASH = hashlib.sha256(CONTENT).hexdigest()


class Server(http.server.ThreadingHTTPServer):
    """Gives CONTENT, or what a test sets."""

    content = CONTENT
    ranges = True
    status = 0
    cut_after = 0
    """Bytes of the file's place after which the connection ends; never if 0."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[str | None] = []


class Handler(http.server.BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        server, wanted = self.server, self.headers.get("Range")
        server.asked.append(wanted)
        if server.status:
            self.send_error(server.status)
            return
        start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted and server.ranges else 0
        self.send_response(206 if wanted and server.ranges else 200)
        if wanted and server.ranges:
            self.send_header("Content-Range", f"bytes {start}-{len(server.content) - 1}/{len(server.content)}")
        self.send_header("Content-Length", str(len(server.content) - start))
        self.end_headers()
        self.wfile.write(server.content[start : server.cut_after or None])
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    one = Server()
    thread = threading.Thread(target=one.serve_forever, args=(0.02,))
    thread.start()
    yield one
    one.shutdown()
    thread.join()
    one.server_close()


@pytest.fixture
def model(server: Server) -> Fetchable:
    url = f"http://127.0.0.1:{server.server_port}/model.onnx"
    return Fetchable("tiny", "tiny.onnx", url, HASH, len(CONTENT), "https://example.org", "Apache-2.0")


def refusal(model: Fetchable, folder: Path) -> str:
    with pytest.raises(ModelProblem) as problem:
        fetch(model, folder, lambda _: None)
    line = str(problem.value)
    assert "\n" not in line
    assert "run the same command again" in line
    assert not (folder / "tiny.onnx").exists()
    return line


def test_it_fetches_and_tells_how_far_it_is(model: Fetchable, tmp_path: Path) -> None:
    told: list[int] = []
    place = fetch(model, tmp_path / "models", told.append)
    assert place.read_bytes() == CONTENT
    assert told == sorted(told) and told[-1] == len(CONTENT) and len(told) > 2
    assert {one.name for one in place.parent.iterdir()} == {"tiny.onnx", "lock"}


def test_it_asks_nobody_for_what_is_there(model: Fetchable, server: Server, tmp_path: Path) -> None:
    fetch(model, tmp_path, lambda _: None)
    fetch(model, tmp_path, lambda _: None)
    assert len(server.asked) == 1


@pytest.mark.parametrize("ranges", [True, False])
def test_it_goes_on_after_a_cut_connection(model: Fetchable, server: Server, tmp_path: Path, ranges: bool) -> None:
    server.ranges, server.cut_after = ranges, 700_000
    assert "connection was cut" in refusal(model, tmp_path)
    there = (tmp_path / "tiny.onnx.part").stat().st_size
    assert 0 < there <= 700_000
    server.cut_after = 0
    told: list[int] = []
    assert fetch(model, tmp_path, told.append).read_bytes() == CONTENT
    assert server.asked == [None, f"bytes={there}-"]
    assert (told[0] > there) == ranges  # without ranges it begins anew
    assert not (tmp_path / "tiny.onnx.part").exists()


def test_a_download_that_was_whole_when_it_was_stopped_is_only_checked(
    model: Fetchable, server: Server, tmp_path: Path
) -> None:
    (tmp_path / "tiny.onnx.part").write_bytes(CONTENT)
    assert fetch(model, tmp_path, lambda _: None).read_bytes() == CONTENT
    assert server.asked == []


def test_other_content_is_deleted_and_never_used(model: Fetchable, server: Server, tmp_path: Path) -> None:
    server.content = CONTENT[:-1] + b"!"
    line = refusal(model, tmp_path)
    assert f"expected {HASH[:12]}" in line and "it was deleted" in line
    assert not (tmp_path / "tiny.onnx.part").exists()


def test_a_part_of_something_else_is_found_out(model: Fetchable, server: Server, tmp_path: Path) -> None:
    (tmp_path / "tiny.onnx.part").write_bytes(b"x" * 1000)
    assert "SHA-256" in refusal(model, tmp_path)
    assert fetch(model, tmp_path, lambda _: None).read_bytes() == CONTENT
    assert server.asked == ["bytes=1000-", None]


def test_an_altered_file_is_fetched_again(model: Fetchable, tmp_path: Path) -> None:
    (tmp_path / "tiny.onnx").write_bytes(b"altered")
    assert fetch(model, tmp_path, lambda _: None).read_bytes() == CONTENT


def test_it_takes_no_more_than_the_file_has(model: Fetchable, server: Server, tmp_path: Path) -> None:
    server.content = CONTENT * 3
    assert "more came than" in refusal(model, tmp_path)
    assert not (tmp_path / "tiny.onnx.part").exists()


def test_it_says_that_less_came_than_the_file_has(model: Fetchable, server: Server, tmp_path: Path) -> None:
    server.content = CONTENT[:5000]
    assert "ended after 5,000 of 1,048,576 bytes" in refusal(model, tmp_path)


@pytest.mark.parametrize(("status", "said"), [(404, "404 Not Found"), (416, "416"), (503, "503")])
def test_it_says_what_the_server_answered(
    model: Fetchable, server: Server, tmp_path: Path, status: int, said: str
) -> None:
    (tmp_path / "tiny.onnx.part").write_bytes(CONTENT[:1000])
    server.status = status
    line = refusal(model, tmp_path)
    assert said in line and "127.0.0.1" in line
    server.status = 0
    assert fetch(model, tmp_path, lambda _: None).read_bytes() == CONTENT


def test_it_says_that_nobody_is_there(model: Fetchable, server: Server, tmp_path: Path) -> None:
    assert "Connection refused" in refusal(replace(model, url="http://127.0.0.1:9/model.onnx"), tmp_path)
    assert "ail" in refusal(replace(model, url="http://no-such-host.invalid/model.onnx"), tmp_path)


def test_a_folder_that_cannot_be_written_is_named(model: Fetchable, tmp_path: Path) -> None:
    (tmp_path / "models").write_text("a file")
    assert f"could not be kept in {tmp_path / 'models'}" in refusal(model, tmp_path / "models")


def test_a_full_disk_is_named_and_what_came_is_kept(model: Fetchable, tmp_path: Path) -> None:
    """A limit on the size of files stands for the disk; it is another process, since the limit holds for all of it."""
    code = (
        "import resource, signal, sys; from pathlib import Path; from detections.fetchable import Fetchable\n"
        "from detections.fetching import fetch; from detections.modelfiles import ModelProblem\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (300000, 300000))\n"
        f"model = Fetchable(*{(model.name, model.file, model.url, model.sha256, model.size, '', '')!r})\n"
        f"try: fetch(model, Path({str(tmp_path)!r}), lambda _: None)\n"
        "except ModelProblem as problem: print(problem)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=BASE_DIR, capture_output=True, text=True, check=True)
    assert "File too large; make room or mend its rights, then run the same command again" in done.stdout
    assert 0 < (tmp_path / "tiny.onnx.part").stat().st_size <= 300000
    assert fetch(model, tmp_path, lambda _: None).read_bytes() == CONTENT


def test_a_killed_download_goes_on(model: Fetchable, server: Server, tmp_path: Path) -> None:
    def stop(there: int) -> None:
        if there > 200_000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch(model, tmp_path, stop)
    assert fetch(model, tmp_path, lambda _: None).read_bytes() == CONTENT
    assert server.asked[1] is not None


def test_what_is_fetched_comes_from_one_commit_of_a_public_repository() -> None:
    for one in fetchable.FETCHABLE.values():
        assert one.url.startswith("https://raw.githubusercontent.com/") and len(one.sha256) == 64
        assert one.url.split("/")[5] == "f88d4382abca74edb26ed4c7f46190ac40da0ea5"
        assert one.licence == "Apache-2.0" and os.path.basename(one.url) == one.file  # noqa: PTH119
