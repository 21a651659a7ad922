"""What the text of a variable may be: each reader gives the value, or raises `ValueError` that says what is wanted."""

from __future__ import annotations

import difflib
import ipaddress
import re
from collections.abc import Callable
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

BASE_DIR = Path(__file__).resolve().parent
UNITS = {"": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "KIB": 2**10, "MIB": 2**20, "GIB": 2**30}


def choice(*allowed: str) -> Callable[[str], str]:
    """One of the allowed words."""

    def read(value: str) -> str:
        if value not in allowed:
            close = difflib.get_close_matches(value, allowed, 1)
            hint = f" (did you mean {close[0]}?)" if close else ""
            raise ValueError(f"one of {', '.join(allowed)}{hint}")
        return value

    return read


def choice_or_file(suffix: str, *allowed: str) -> Callable[[str], str]:
    """One of the allowed words, or the path of a file whose name ends like that, made absolute as `path` does."""
    word = choice(*allowed)

    def read(value: str) -> str:
        if value.lower().endswith(suffix):
            return str(path(value))
        try:
            return word(value)
        except ValueError as problem:
            raise ValueError(f"{problem}, or the path of a {suffix} file") from None

    return read


def boolean(value: str) -> bool:
    """Yes or no, in the usual spellings."""
    known = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
    if value.lower() not in known:
        raise ValueError("true or false")
    return known[value.lower()]


def whole(least: int, most: int) -> Callable[[str], int]:
    """A whole number within bounds, both included."""

    def read(value: str) -> int:
        if not re.fullmatch(r"\d{1,9}", value) or not least <= int(value) <= most:
            raise ValueError(f"a whole number from {least} to {most}")
        return int(value)

    return read


def number(least: float, most: float) -> Callable[[str], float]:
    """A number within bounds, both included, with a decimal point or without."""

    def read(value: str) -> float:
        if not re.fullmatch(r"\d{1,9}(\.\d{1,6})?", value) or not least <= float(value) <= most:
            raise ValueError(f"a number from {least:.15g} to {most:.15g}")
        return float(value)

    return read


def size(value: str) -> int:
    """Bytes, with or without a unit."""
    match = re.fullmatch(r"(\d{1,15})\s*([KMG]I?B)?", value.upper())
    if not match or int(match[1]) < 1:
        raise ValueError("a size in bytes, or with a unit such as 64MiB")
    return int(match[1]) * UNITS[match[2] or ""]


def names(*allowed: str) -> Callable[[str], tuple[str, ...]]:
    """A comma-separated list, of the allowed words where any are given."""

    def read(value: str) -> tuple[str, ...]:
        given = tuple(part.strip() for part in value.split(",") if part.strip())
        if allowed and (not given or set(given) - set(allowed)):
            raise ValueError(f"a comma-separated list out of {', '.join(allowed)}")
        return given

    return read


def hosts(value: str) -> tuple[str, ...]:
    """A comma-separated list of names under which browsers open the pages."""
    given = names()(value)
    if not given or any("/" in one for one in given):
        raise ValueError("a comma-separated list of host names, without http:// before them")
    return given


def host_port(value: str) -> tuple[str, int]:
    """A host and a port to listen on; IPv6 in brackets."""
    host, _, port = value.rpartition(":")
    if not host or not re.fullmatch(r"\d{1,5}", port) or not 0 < int(port) <= 65535:
        raise ValueError("host:port, such as 127.0.0.1:8000")
    return host.strip("[]"), int(port)


def zmq_addresses(*schemes: str) -> Callable[[str], tuple[str, ...]]:
    """A comma-separated list of ZeroMQ addresses with one of the schemes, IPv6 in brackets; each once."""

    def read(value: str) -> tuple[str, ...]:
        given = tuple(dict.fromkeys(names()(value)))
        if not given or not all(_is_zmq_address(one, schemes) for one in given):
            raise ValueError(
                f"a ZeroMQ address such as {schemes[0]}://*:5555 or {schemes[0]}://[::1]:5555, or several with commas "
                f"between them; each starts with {' or '.join(f'{scheme}://' for scheme in schemes)}"
            )
        return given

    return read


def publishers(value: str) -> tuple[str, ...]:
    """A comma-separated list of the tcp addresses of cameras that publish; each once."""
    given = tuple(dict.fromkeys(names()(value)))
    if not given or not all(_is_zmq_address(one, ("tcp",)) and "*" not in one for one in given):
        raise ValueError("the address of a camera that publishes, such as tcp://pi1:5555, or several with commas")
    return given


def _is_zmq_address(value: str, schemes: tuple[str, ...]) -> bool:
    scheme, _, rest = value.partition("://")
    if scheme not in schemes or scheme == "ipc":
        return scheme in schemes and bool(rest)
    match = re.fullmatch(r"(\[[^\s/\[\]]+\]|[^\s/:\[\]]+):(\d{1,5})", rest)
    return bool(match) and 0 < int(rest.rpartition(":")[2]) <= 65535


def identifier(value: str) -> str:
    """A short name that may be part of a file's name."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}", value):
        raise ValueError("1 to 32 letters, digits, - or _")
    return value


def url(*schemes: str) -> Callable[[str], str]:
    """An address with one of the schemes."""

    def read(value: str) -> str:
        try:
            parts = urlsplit(value)
            usable = parts.scheme in schemes and (parts.port is None or parts.port > 0)
        except ValueError:
            usable = False
        if not usable:
            raise ValueError(f"an address that starts with {' or '.join(f'{scheme}://' for scheme in schemes)}")
        return value

    return read


def site(value: str) -> str:
    """The address under which people open the pages: scheme and host, perhaps a port."""
    given = url("http", "https")(value).rstrip("/")
    parts = urlsplit(given)
    if not parts.hostname or parts.username or given != f"{parts.scheme}://{parts.netloc}":
        raise ValueError("an address such as https://cameras.example.org, without a path")
    return given


def service(value: str) -> str:
    """The address of a web service, without what each of its calls adds."""
    given = url("http", "https")(value)
    parts = urlsplit(given)
    if not parts.hostname or "@" in parts.netloc or parts.query or parts.fragment:
        raise ValueError("an address such as http://192.168.1.20:8080, without a user, a password or a ?")
    return given.removesuffix("/").removesuffix("/v1/plate-reader").rstrip("/")


def token(value: str) -> str:
    """A key of an account, which goes into a header."""
    if not re.fullmatch(r"[!-~]{8,200}", value):
        raise ValueError("the token alone, as the account's page shows it: 8 to 200 characters without a blank")
    return value


def long_token(value: str) -> str:
    """A token that is made here, and that nobody can guess."""
    if not re.fullmatch(r"[!-~]{20,200}", value):
        raise ValueError("20 to 200 characters without a blank, such as `openssl rand -hex 24` makes")
    return value


def dsn(value: str) -> str:
    """Where Sentry, or a server that understands the same, takes errors: scheme, key, host, project."""
    parts = urlsplit(url("http", "https")(value))
    if not parts.username or not parts.hostname or not re.fullmatch(r"(/[^/]+)*/\d+", parts.path):
        raise ValueError("the DSN of a project, such as https://KEY@sentry.example.org/1")
    return value


def region_codes(value: str) -> tuple[str, ...]:
    """Codes of countries or states with commas between them."""
    given = names()(value.lower())
    if not given or not all(re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]{1,4})?", one) for one in given):
        raise ValueError("codes of countries or states such as us-ca,mx")
    return given


def networks(value: str) -> tuple[str, ...]:
    """A comma-separated list of addresses and networks."""
    try:
        return tuple(str(ipaddress.ip_network(one, strict=False)) for one in names()(value))
    except ValueError:
        raise ValueError("a comma-separated list of addresses and networks such as 127.0.0.1,10.0.0.0/8") from None


def mail_server(value: str) -> str:
    """A mail server: plain, with STARTTLS, or with TLS from the start."""
    given = url("smtp", "smtp+tls", "smtp+ssl")(value)
    if not urlsplit(given).hostname:
        raise ValueError("a mail server such as smtp+tls://user:password@mail.example.org:587")
    return given


def mail_address(value: str) -> str:
    """Who mail comes from, with or without a name."""
    _, address = parseaddr(value)
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", address) or "\n" in value:
        raise ValueError("an address such as librarian@example.org or Librarian <librarian@example.org>")
    return value


def sender(server: str) -> str:
    """Who mail comes from unless somebody says so: the server's user, where that is an address."""
    user = unquote(urlsplit(server).username or "")
    return user if "@" in user else "librarian@localhost"


def zone(value: str) -> str:
    """A time zone of the tz database."""
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        raise ValueError("a time zone name such as Europe/Berlin") from None
    return value


def local_zone() -> str:
    """The system's time zone."""
    from tzlocal import get_localzone_name

    return get_localzone_name() or "UTC"


def path(value: str) -> Path:
    """A path; a relative one starts at the project's folder, wherever the process was started."""
    return BASE_DIR / Path(value).expanduser()
