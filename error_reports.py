"""Errors to Sentry, or a server that understands the same, where SENTRY_DSN is set; for every process, free of Django.

What is reported are log lines of ERROR and above, and what ends a process. A report says where in the program, not
about whom: of a log line its text without what was put into it, of an exception its kinds and the lines of code that it
passed, the process, and the ids by which the log tells the rest. No values, no addresses, no requests, no people.
"""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING, Any

import environment
import logs

if TYPE_CHECKING:
    from sentry_sdk.types import Event, Hint

KEPT = ("event_id", "timestamp", "level", "logger", "platform", "environment", "sdk")
OF_EXCEPTION = ("type", "module", "mechanism")
OF_FRAME = ("filename", "function", "module", "lineno", "pre_context", "context_line", "post_context", "in_app")
LEFT_OUT = "(left out)"
SECONDS = 1.0
"""How long the end of a process may wait for reports that are on their way."""


def start(process: str) -> None:
    """Report the errors of this process and of its children, under this name; nothing happens without SENTRY_DSN."""
    dsn = environment.current().sentry_dsn
    if not dsn:
        return
    import sentry_sdk
    from sentry_sdk.integrations.atexit import AtexitIntegration
    from sentry_sdk.integrations.dedupe import DedupeIntegration
    from sentry_sdk.integrations.excepthook import ExcepthookIntegration
    from sentry_sdk.integrations.logging import LoggingIntegration

    sentry_sdk.init(
        dsn=dsn,
        # Only these: others look into requests, tasks and SQL, and put headers on what is sent to others.
        default_integrations=False,
        auto_enabling_integrations=False,
        integrations=[
            LoggingIntegration(level=None, event_level=logging.ERROR, sentry_logs_level=None),
            ExcepthookIntegration(),
            DedupeIntegration(),
            AtexitIntegration(callback=lambda pending, timeout: None),
        ],
        before_send=partial(only_what_is_meant, process),
        send_default_pii=False,
        include_local_variables=False,
        max_breadcrumbs=0,
        max_request_body_size="never",
        auto_session_tracking=False,
        send_client_reports=False,
        shutdown_timeout=SECONDS,
    )


def only_what_is_meant(process: str, event: Event, hint: Hint) -> Event:
    """An event of a process, made anew of what may leave this machine."""
    given: dict[str, Any] = dict(event)
    made: dict[str, Any] = {name: given[name] for name in KEPT if name in given} | {"tags": tags(process, hint)}
    if record := hint.get("log_record"):
        made["logentry"] = {"message": template(record)}
    if exceptions := (given.get("exception") or {}).get("values"):
        made["exception"] = {"values": [without_values(one) for one in exceptions]}
    return made  # type: ignore[return-value]  # a part of what it was


def tags(process: str, hint: Hint) -> dict[str, str]:
    """Which process it was, and the ids of the message and the image that it is about, as in the log."""
    record = hint.get("log_record")
    known, own = logs.current(), vars(record) if record else {}
    ids = {"message_id": own.get("message_id") or known.message, "image_id": own.get("image_id") or known.image}
    return {"process": process} | {name: str(value) for name, value in ids.items() if value is not None}


def template(record: logging.LogRecord) -> str:
    """The text of a log line without what was put into it; others than we may write both in one."""
    return str(record.msg) if record.args or record.name.split(".")[0] in logs.OURS else LEFT_OUT


def without_values(exception: dict[str, Any]) -> dict[str, Any]:
    """The kind of an exception and the lines that it passed; its text may tell a plate, a name or an address."""
    made = {name: exception[name] for name in OF_EXCEPTION if name in exception}
    frames = (exception.get("stacktrace") or {}).get("frames") or []
    made["stacktrace"] = {"frames": [{name: one[name] for name in OF_FRAME if name in one} for one in frames]}
    return made
