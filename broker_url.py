"""What REDIS_URL may be, brought into the one form that every client reads alike.

redis-py and kombu read such an address differently: without TLS parameters kombu checks no certificate, a `;` in a
password is a second broker to it, and a parameter that only one of them knows fails in the other, late.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

WANTED = (
    "an address that starts with redis:// or rediss://, such as redis://:password@host:6379/0; "
    "inside the password / # ? are written %2F %23 %3F"
)


def normal(value: str) -> str:
    """The address with user and password quoted and, for TLS, every check on that is not expressly off.

    Raises `ValueError` that says what is wanted, without anything of the address in it.
    """
    try:
        parts = urlsplit(value)
        host, port, given = parts.hostname, parts.port, parse_qsl(parts.query, keep_blank_values=True)
    except ValueError:
        raise ValueError(WANTED) from None
    if parts.scheme not in {"redis", "rediss"} or not host or port == 0 or parts.fragment:
        raise ValueError(WANTED)
    if not re.fullmatch(r"/?|/\d{1,4}", parts.path):
        raise ValueError("the number of a database after the host, such as /0")
    if given and parts.scheme == "redis":
        raise ValueError("rediss:// where there are TLS parameters, and no other parameters")
    login = f"{_quoted(parts.username)}{f':{_quoted(parts.password)}' if parts.password else ''}"
    place = f"{f'[{host}]' if ':' in host else host}:{port or 6379}{parts.path.rstrip('/') or '/0'}"
    query = f"?{urlencode(_tls(given), safe='/')}" if parts.scheme == "rediss" else ""
    return f"{parts.scheme}://{login}{'@' if login else ''}{place}{query}"


def _quoted(text: str | None) -> str:
    return quote(unquote(text or ""), safe="")


def _tls(given: list[tuple[str, str]]) -> dict[str, str]:
    for name, _ in given:
        if name not in PARAMETERS:
            raise ValueError(f"no other parameters than {', '.join(PARAMETERS)}")
    return {"ssl_cert_reqs": "required"} | {name: PARAMETERS[name](name, value) for name, value in given}


def _checking(name: str, value: str) -> str:
    word = value.lower().removeprefix("cert_")
    if word not in {"required", "optional", "none"}:
        raise ValueError(f"{name}= required, optional or none")
    return word


def _file(name: str, value: str) -> str:
    if not Path(value).is_absolute() or not Path(value).is_file():
        raise ValueError(f"the absolute path of an existing file as {name}")
    return value


def _boolean(name: str, value: str) -> str:
    if value.lower() not in {"true", "false"}:
        raise ValueError(f"{name}= true or false")
    return value.lower()


PARAMETERS: dict[str, Callable[[str, str], str]] = {
    "ssl_cert_reqs": _checking,
    "ssl_ca_certs": _file,
    "ssl_certfile": _file,
    "ssl_keyfile": _file,
    "ssl_check_hostname": _boolean,
}


def explain(problem: BaseException) -> str:
    """What went wrong with a broker, in one line, with what to mend where that is known."""
    text = " ".join(str(problem).split())
    hint = next((hint for mark, hint in HINTS.items() if mark.lower() in text.lower()), "")
    return f"{text.rstrip('.')}{f': {hint}' if hint else ''}"


WITHOUT_LOGIN = "it wants a password: redis://:password@host in REDIS_URL"
WITHOUT_CERTIFICATE = "it wants a certificate; name it by ?ssl_certfile= and ssl_keyfile= in REDIS_URL"
HINTS = {
    "hostname mismatch": "its certificate is for another name than the host in REDIS_URL",
    "IP address mismatch": "its certificate is for another address than the host in REDIS_URL",
    "CERTIFICATE_VERIFY_FAILED": "its certificate is not trusted; name its CA by ?ssl_ca_certs=/path in REDIS_URL",
    "WRONG_VERSION_NUMBER": "there is no TLS at that port; REDIS_URL starts with redis:// then",
    "record layer failure": "there is no TLS at that port; REDIS_URL starts with redis:// then",
    "certificate required": WITHOUT_CERTIFICATE,
    "EOF occurred in violation": WITHOUT_CERTIFICATE,
    "username-password pair": "the user or the password in REDIS_URL is wrong",
    "WRONGPASS": "the user or the password in REDIS_URL is wrong",
    "invalid password": "the password in REDIS_URL is wrong",
    "Authentication required": WITHOUT_LOGIN,
    "HELLO must be called": WITHOUT_LOGIN,
    "no permissions": "its ACL does not let this user do what librarian needs; see docs/broker.md",
    "Connection closed by server": "where it expects TLS, REDIS_URL starts with rediss://",
    "Connection reset by peer": "where it expects TLS, REDIS_URL starts with rediss://",
}
