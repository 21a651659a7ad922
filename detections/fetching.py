"""Download of a model: goes on where it was cut off, and is used only once its content is known to be right."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import requests

from detections.fetchable import Fetchable
from detections.locks import locked
from detections.modelfiles import ModelProblem, sha256_of

CHUNK = 1 << 16
CONNECT_SECONDS = 10
SILENT_SECONDS = 30
GOES_ON = "run the same command again to go on"

Tell = Callable[[int], None]
"""Is told how many bytes are there."""


def fetch(model: Fetchable, folder: Path, tell: Tell) -> Path:
    """The model's file in `folder`, downloaded if need be; raises `ModelProblem`.

    What came of an unfinished download stays in a file `.part`. Of several processes one downloads, the others wait.
    """
    target = folder / model.file
    part = target.with_name(f"{target.name}.part")
    try:
        with locked(folder):
            if not (target.is_file() and sha256_of(target) == model.sha256):
                _download(model, part, tell)
                _put(model, part, target)
    except requests.RequestException as problem:
        host = urlsplit(model.url).hostname
        raise ModelProblem(f"{model.name} could not be fetched from {host}: {_why(problem)}; {GOES_ON}") from None
    except OSError as problem:
        mend = f"make room or mend its rights, then {GOES_ON}"
        raise ModelProblem(f"{model.name} could not be kept in {folder}: {problem.strerror}; {mend}") from None
    return target


def _download(model: Fetchable, part: Path, tell: Tell) -> None:
    """Have the whole file in `part`."""
    there = part.stat().st_size if part.exists() else 0
    if there == model.size:
        return
    if there > model.size:
        part.unlink()
        there = 0
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={there}-"} if there else {})
    with requests.get(model.url, headers=headers, stream=True, timeout=(CONNECT_SECONDS, SILENT_SECONDS)) as answer:
        if _starts_at(answer) != there:  # the server gives the whole, or what was asked for is not to be had
            there = 0
        with part.open("ab" if there else "wb") as file:
            for chunk in answer.iter_content(CHUNK):
                there += len(chunk)
                if there > model.size:
                    break
                file.write(chunk)
                tell(there)
    if there > model.size:
        part.unlink()
        raise requests.ConnectionError(f"more came than the {model.size:,} bytes that it has")
    if there < model.size:
        raise requests.ConnectionError(f"the connection ended after {there:,} of {model.size:,} bytes")


def _starts_at(answer: requests.Response) -> int:
    """The first byte that an answer holds; raises `requests.HTTPError` for one that holds none of the file."""
    if answer.status_code == requests.codes.ok:
        return 0
    first = answer.headers.get("Content-Range", "").removeprefix("bytes ").partition("-")[0]
    if answer.status_code == requests.codes.partial_content and first.isdecimal():
        return int(first)
    raise requests.HTTPError(f"it answered {answer.status_code} {answer.reason}")


def _put(model: Fetchable, part: Path, target: Path) -> None:
    """Give a download that is right its name; one that is not is deleted."""
    digest = sha256_of(part)
    if digest != model.sha256:
        part.unlink()
        raise ModelProblem(
            f"{model.name}: what came from {model.url} has SHA-256 {digest[:12]}..., expected {model.sha256[:12]}...; "
            "it was deleted: run the same command again to fetch it anew"
        )
    with part.open("rb") as file:
        os.fsync(file.fileno())
    part.replace(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _why(problem: requests.RequestException) -> str:
    """What failed, in a few words."""
    if isinstance(problem, requests.Timeout):
        return "it did not answer in time"
    inner = problem.args[0] if problem.args else problem
    reason = str(getattr(inner, "reason", None) or inner)
    if isinstance(problem, requests.exceptions.SSLError):
        return f"its certificate was not accepted ({reason})"
    if isinstance(problem, requests.exceptions.ChunkedEncodingError):
        return f"the connection was cut ({reason})"
    return reason.rsplit(": ", 1)[-1]
