"""Raw pixels to JPEG, beside the loop that serves the senders."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import simplejpeg

from receiver.keeper import Job
from receiver.messages import Payload, Picture

QUALITY = 95  # what OpenCV writes by default, so raw senders and jpg senders leave like files
COLOURS = {1: "GRAY", 3: "BGR", 4: "BGRA"}
THREADS = 2


class Encoders:
    """Encode pictures on threads; jobs come back in `done`, encoded or refused, and `wake` is called for each."""

    def __init__(self, wake: Callable[[], None]) -> None:
        self.done: deque[Job] = deque()
        self._wake = wake
        self._threads = ThreadPoolExecutor(THREADS, "encoder")
        self._out: dict[str, Job] = {}

    def put(self, job: Job) -> None:
        """Take a job with a raw picture."""
        self._out[job.id] = job
        self._threads.submit(self._encode, job)

    def stop(self) -> list[Job]:
        """End the threads after what they have begun; the jobs that do not come back."""
        self._threads.shutdown(cancel_futures=True)
        return list(self._out.values())

    def _encode(self, job: Job) -> None:
        try:
            assert isinstance(job.message, Picture) and job.message.shape  # noqa: S101  only such are put
            job.jpeg = to_jpeg(job.message.data, job.message.shape)
        except Exception as problem:  # noqa: BLE001  whatever it is, the sender has to hear of it
            job.refusal, job.problem = "cannot be encoded", repr(problem)
        del self._out[job.id]
        self.done.append(job)
        self._wake()


def to_jpeg(data: Payload, shape: tuple[int, int, int]) -> bytes:
    """JPEG bytes of 8-bit pixels in C order; `shape` is (height, width, channels), three channels are BGR.

    Raises ValueError when the encoder will not have it.
    """
    pixels = np.frombuffer(data, np.uint8).reshape(shape)
    encoded: bytes = simplejpeg.encode_jpeg(pixels, QUALITY, COLOURS[shape[2]], "420")
    return encoded
