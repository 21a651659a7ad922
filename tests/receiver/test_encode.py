from __future__ import annotations

import threading
from datetime import UTC, datetime

import numpy as np
import pytest
import simplejpeg

from receiver.encode import THREADS, Encoders, to_jpeg
from receiver.keeper import Job
from receiver.messages import Picture


@pytest.mark.parametrize(("shape", "grey"), [((20, 31, 1), True), ((20, 31, 3), False), ((20, 31, 4), False)])
def test_it_encodes_raw_pixels_with_their_colours(shape: tuple[int, int, int], grey: bool) -> None:
    pixels = np.zeros(shape, np.uint8)
    pixels[..., 0] = 200  # blue
    jpeg = to_jpeg(pixels.tobytes(), shape)
    decoded = simplejpeg.decode_jpeg(jpeg, "GRAY" if grey else "BGR")
    assert decoded.shape[:2] == (20, 31)
    assert abs(int(decoded[10, 10, 0]) - 200) < 6
    assert grey or int(decoded[10, 10, 2]) < 6


@pytest.mark.parametrize(("data", "refusal"), [(bytes(3), None), (b"", "cannot be encoded")])
def test_a_job_comes_back_encoded_or_refused(data: bytes, refusal: str | None) -> None:
    back = threading.Event()
    encoders = Encoders(back.set)
    encoders.put(Job(b"", Picture("a", "b", "a b|image", data, (1, 1, 3)), "1", datetime.now(UTC), len(data)))
    assert back.wait(10)
    assert encoders.stop() == []
    (job,) = encoders.done
    assert job.refusal == refusal
    assert (job.jpeg is None) == (refusal is not None)


def test_jobs_that_do_not_come_back_are_named_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go_on = threading.Semaphore(0), threading.Event()

    def slow(*_: object) -> bytes:
        begun.release()
        go_on.wait(10)
        return b"jpeg"

    monkeypatch.setattr("receiver.encode.to_jpeg", slow)
    encoders = Encoders(lambda: None)
    picture = Picture("a", "b", "a b|image", bytes(3), (1, 1, 3))
    jobs = [Job(b"", picture, str(n), datetime.now(UTC), 3) for n in range(5)]
    for job in jobs:
        encoders.put(job)
    for _ in range(THREADS):
        assert begun.acquire(timeout=10)
    threading.Timer(0.2, go_on.set).start()
    assert encoders.stop() == jobs[THREADS:]
    assert list(encoders.done) == jobs[:THREADS] or list(encoders.done) == jobs[:THREADS][::-1]
