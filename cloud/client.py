"""Plate Recognizer's protocol: one call, its bounds, and nothing of what it is for.

The interface: https://guides.platerecognizer.com/docs/snapshot/api-reference
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus

import requests
from requests.auth import AuthBase
from urllib3.exceptions import HTTPError, ReadTimeoutError

from environment import Environment

CONNECT_SECONDS = 5.0
MOST_BYTES = 1 << 20
"""An answer about a picture with a hundred plates has some 60 KB."""
CHUNK = 1 << 14
CODES = {"us": "us", "br": "br"}
"""The service's codes for PLATE_REGIONS; it has one for each country of Europe, and none for all of them."""


class NoAnswer(Exception):
    """Nothing came that could be understood; the message is for people. `may_count`: the service may count the call."""

    def __init__(self, reason: str, *, may_count: bool) -> None:
        super().__init__(reason)
        self.may_count = may_count


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer of whatever kind: HTTP status, body, seconds to wait by its header if told."""

    status: int
    text: str
    milliseconds: float
    retry_after: str = ""

    @property
    def ok(self) -> bool:
        """Whether the picture was looked at."""
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES


class Token(AuthBase):
    """The header with the token, put on at the last moment, so that nothing that is logged or raised holds it.

    It also keeps requests from taking another password out of ~/.netrc.
    """

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Add the header; an SDK may do without."""
        if self._token:
            request.headers["Authorization"] = f"Token {self._token}"
        return request


def read_plates(env: Environment, picture: bytes, number: int, camera: int, at: datetime) -> Reply:
    """Send one JPEG; raises `NoAnswer`.

    The service learns the picture, the numbers of image and camera, the time (UTC) and the regions: no name.
    """
    fields: list[tuple[str, str]] = [("regions", code) for code in regions(env)]
    fields += [("camera_id", str(camera)), ("timestamp", at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"))]
    if env.plate_recognizer_mmc:
        fields.append(("mmc", "true"))
    return _call(env, "POST", "/v1/plate-reader/", fields, {"upload": (f"{number}.jpg", picture, "image/jpeg")})


def statistics(env: Environment) -> Reply:
    """What the account has used; raises `NoAnswer`."""
    return _call(env, "GET", "/v1/statistics/", [], {})


def regions(env: Environment) -> list[str]:
    """The codes to send: those that are set, else those of PLATE_REGIONS where the service has one for each."""
    if env.plate_recognizer_regions:
        return list(env.plate_recognizer_regions)
    return [CODES[one] for one in env.plate_regions] if set(env.plate_regions) <= set(CODES) else []


def _call(
    env: Environment,
    method: str,
    path: str,
    fields: list[tuple[str, str]],
    files: dict[str, tuple[str, bytes, str]],
) -> Reply:
    started = time.monotonic()
    deadline = started + env.plate_recognizer_timeout
    try:
        with requests.request(
            method,
            env.plate_recognizer_url + path,
            headers={"Accept-Encoding": "identity"},  # nothing unpacks to more than what came
            data=fields,
            files=files,
            auth=Token(env.plate_recognizer_token),
            timeout=(min(CONNECT_SECONDS, env.plate_recognizer_timeout), env.plate_recognizer_timeout),
            allow_redirects=False,  # the token and the picture go where the setting says, and nowhere else
            stream=True,
        ) as answer:
            text = _body(answer, deadline)
            waits = answer.headers.get("Retry-After", "")
            return Reply(answer.status_code, text, (time.monotonic() - started) * 1000, waits)
    except requests.ConnectTimeout:
        raise NoAnswer("it could not be reached in time", may_count=False) from None
    except (requests.Timeout, ReadTimeoutError):
        raise NoAnswer(f"it did not answer within {env.plate_recognizer_timeout:g} s", may_count=True) from None
    except (
        requests.RequestException,
        HTTPError,
    ) as problem:  # its text may hold what was sent, so only its kind is told
        sent = not _unreachable(problem)
        what = "the connection was cut" if sent else "it cannot be reached"
        raise NoAnswer(f"{what} ({_kind(problem)})", may_count=sent) from None


def _body(answer: requests.Response, deadline: float) -> str:
    """The whole body as text; raises `NoAnswer` where it is too long or drips in too slowly."""
    found = bytearray()
    while chunk := answer.raw.read1(CHUNK):  # what is there; `iter_content` waits for a whole chunk, however long
        found += chunk
        if len(found) > MOST_BYTES:
            raise NoAnswer(f"its answer is longer than {MOST_BYTES:,} bytes", may_count=True)
        if time.monotonic() > deadline:
            raise NoAnswer("its answer came too slowly", may_count=True)
    return found.decode("utf-8", "replace")


def _unreachable(problem: Exception) -> bool:
    """Whether there was no connection at all, so that nobody can have counted the call."""
    return isinstance(problem, requests.exceptions.SSLError) or _kind(problem) in {
        "NewConnectionError",
        "NameResolutionError",
        "ProxyError",
    }


def _kind(problem: Exception) -> str:
    """The name of what lies beneath, such as NewConnectionError."""
    inner = problem.args[0] if problem.args else problem
    return type(getattr(inner, "reason", None) or inner).__name__
