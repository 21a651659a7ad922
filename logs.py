"""One log line an event, with the message and the image that it is about; for every process, and free of Django.

`with bound(message=..., image=...)` ties the lines logged inside to a picture. Texts come from cameras and browsers
too, so nothing in them can begin a line of its own, and what an address may hold of secrets is left out.
"""

from __future__ import annotations

import json
import logging
import logging.config
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import environment

FORMATS = environment.LOG_FORMATS
PASSWORD = re.compile(r"(://[^\s/:@]*:)[^\s/]+@")
QUERY = re.compile(r"(/[^\s/?]*\?)[^\s\"'<>]*=[^\s\"'<>]*")
OWN = {*vars(logging.makeLogRecord({})), "message", "asctime", "message_id", "image_id"}
APPS = ("accounts", "cameras", "cloud", "detections", "ingest", "plates", "receiver", "rollups", "web")
OURS = frozenset((*APPS, "counting", "librarian_project"))
"""The first words of the names of our own loggers."""
LEVELS = {
    # A request has one line, from web.request_log: these would add one each, some of them with the query string.
    "django.server": "CRITICAL",
    "gunicorn.access": "CRITICAL",
    "gunicorn.error": "INFO",
    "django.request": "ERROR",
    "tornado.access": "ERROR",
    # On DEBUG these write what they work on: a cookie's key, values of SQL, variables of templates, addresses called.
    "flower.command": "INFO",
    "django.db.backends": "INFO",
    "django.template": "INFO",
    "urllib3": "INFO",
    # Tasks say themselves what they did.
    "celery.app.trace": "CRITICAL",
    "celery.worker.strategy": "WARNING",
}


class Ids(NamedTuple):
    """What a line is about."""

    message: str | None = None
    image: int | None = None


NOTHING = Ids()
_ids: ContextVar[Ids] = ContextVar("ids", default=NOTHING)


@contextmanager
def bound(*, message: str | None = None, image: int | None = None) -> Iterator[None]:
    """Put these ids on every line logged inside; what is not given stays as it is outside."""
    token = _ids.set(_ids.get())
    try:
        bind(message=message, image=image)
        yield
    finally:
        _ids.reset(token)


def bind(*, message: str | None = None, image: int | None = None) -> None:
    """Add an id that became known, until the end of the `bound` around it; without one it would stay."""
    now = _ids.get()
    _ids.set(Ids(message or now.message, now.image if image is None else image))


def current() -> Ids:
    """What the lines of this moment are about."""
    return _ids.get()


class AddIds(logging.Filter):
    """Puts `message_id` and `image_id` on every record; those that came in `extra` stay."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let everything pass."""
        ids = _ids.get()
        record.message_id = getattr(record, "message_id", None) or ids.message
        record.image_id = getattr(record, "image_id", None) or ids.image
        return True


class LineFormatter(logging.Formatter):
    """`2026-11-22 23:10:02,123 INFO ingest [message=... image=...] text`; the site's time; a trace is indented."""

    def __init__(self, zone: str | None = None) -> None:
        super().__init__()
        self._zone = ZoneInfo(zone) if zone else None

    def format(self, record: logging.LogRecord) -> str:
        """A line, and where there is an exception its trace in further lines."""
        at = datetime.fromtimestamp(record.created, self._zone).isoformat(" ", "milliseconds")[:23].replace(".", ",")
        known = {"message": getattr(record, "message_id", None), "image": getattr(record, "image_id", None)}
        ids = " ".join(f"{name}={plain(str(value))}" for name, value in known.items() if value is not None)
        line = f"{at} {record.levelname} {record.name} {f'[{ids}] ' if ids else ''}{plain(record.getMessage())}"
        # Indented, so that no text inside an exception can look like a line of its own.
        return "\n  ".join([line, *map(plain, self._trace(record).splitlines())])

    def _trace(self, record: logging.LogRecord) -> str:
        trace = self.formatException(record.exc_info) if record.exc_info and record.exc_info[0] else ""
        return "\n".join(filter(None, [trace, record.stack_info]))


class JsonFormatter(LineFormatter):
    """One JSON object a line, with what came in `extra` beside the fixed fields; times in UTC."""

    def format(self, record: logging.LogRecord) -> str:
        """A line, whatever happened."""
        fields: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="microseconds"),
            "level": record.levelname,
            "logger": record.name,
            "process": record.processName,
            "pid": record.process,
            "message_id": getattr(record, "message_id", None),
            "image_id": getattr(record, "image_id", None),
            "text": without_secrets(record.getMessage()),
            "exception": without_secrets(self._trace(record)),
        }
        for name, value in vars(record).items():
            # Only plain values: some libraries add whole requests and tasks, and the text of those tells too much.
            if name not in OWN and name not in fields and isinstance(value, str | int | float):
                fields[name] = without_secrets(value) if isinstance(value, str) else value
        return json.dumps({name: value for name, value in fields.items() if value not in (None, "")})


def plain(text: str) -> str:
    """The text without secrets, and with an escape such as `\\n` for every character that cannot be printed."""
    text = without_secrets(text)
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def without_secrets(text: str) -> str:
    """The text without passwords and query strings of addresses: no line needs them, and both may be secret."""
    if "@" in text:
        text = PASSWORD.sub(r"\1***@", text)
    return QUERY.sub(r"\1***", text) if "?" in text else text


def dict_config(level: str, format: str = "line", zone: str | None = None) -> dict[str, Any]:
    """The settings of `logging.config.dictConfig`, the same for every process; `zone` is that of the line format."""
    formatter: dict[str, Any] = {"()": JsonFormatter if format == "json" else LineFormatter, "zone": zone}
    handler = {"class": "logging.StreamHandler", "formatter": "chosen", "filters": ["ids"]}
    passed_on = {"handlers": [], "propagate": True}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"ids": {"()": AddIds}},
        "formatters": {"chosen": formatter},
        "handlers": {"stderr": handler},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {name: passed_on | {"level": _at_least(level, LEVELS.get(name))} for name in ("django", *LEVELS)},
    }


def configure(**_: object) -> None:
    """Have this process log as the settings say; also a receiver of Celery's signal `setup_logging`."""
    env = environment.current()
    logging.config.dictConfig(dict_config(env.log_level, env.log_format, env.time_zone))
    logging.captureWarnings(True)


def configure_celery() -> None:
    """Have Celery's worker and beat log like every other process, instead of in a way of their own."""
    from celery.signals import celeryd_init, setup_logging

    # A worker has its first words before it sets up logging.
    for signal in (celeryd_init, setup_logging):
        signal.connect(configure, weak=False, dispatch_uid="logs")


def _at_least(level: str, least: str | None) -> str:
    return least if least and logging.getLevelName(least) > logging.getLevelName(level) else level
