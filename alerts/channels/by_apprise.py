"""E-mail, chat, push services, SMS gateways and webhooks, by Apprise's addresses."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError

from alerts.channels.base import Answer, Outgoing

if TYPE_CHECKING:
    from apprise import AppriseAsset, NotifyBase

MOST_ANSWER = 255
LOCAL = ("dbus", "qt", "glib", "kde", "gnome", "macosx", "windows", "syslog", "growl", "file")
"""What shows messages on the desktop of the machine itself, where nobody looks."""
WORDS = "Write an address of Apprise, such as mailtos://name:password@gmail.com or ntfy://ntfy.example.org/topic"


class ByApprise:
    """Apprise knows a hundred services; each is one address with its passwords and tokens in it."""

    name = "apprise"
    title = "E-mail, chat, push, SMS, webhook (Apprise)"
    can_update = False
    wants_address = True

    def shown(self, address: str) -> str:
        """The address as Apprise shows it in logs, without passwords and tokens."""
        scheme = address.partition("://")[0].lower()
        if scheme in LOCAL:
            raise ValidationError(f"{scheme}:// shows messages on the server’s own desktop. {WORDS}.")
        service = instance(address)
        if service is None:
            raise ValidationError(f"This is not an address that Apprise understands ({scheme or 'no'}://…). {WORDS}.")
        hidden: str = service.url(privacy=True)  # type: ignore[no-untyped-call]
        return f"{service.service_name or scheme}: {hidden.partition('?')[0]}"[:MOST_ANSWER]

    def send(self, address: str, message: Outgoing) -> Answer:
        """Carry a message; what Apprise logs meanwhile is the answer of the other side."""
        import apprise

        service = instance(address)
        if service is None:
            return Answer(False, "Apprise does not understand the address any more")
        body = f"{message.text}\n{message.url}" if message.url else message.text
        picture = apprise.AppriseAttachment(str(message.picture)) if message.picture else None
        kept = Kept()
        logger = logging.getLogger("apprise")
        logger.addHandler(kept)
        try:
            ok = bool(service.notify(body=body, title=message.title, attach=picture))
        except TypeError as problem:  # what its services raise for settings that they cannot use
            ok, kept.lines = False, [str(problem)]
        finally:
            logger.removeHandler(kept)
        return Answer(ok, "delivered" if ok else (" ".join(kept.lines) or "no answer")[:MOST_ANSWER])


class Kept(logging.Handler):
    """Keeps what is logged as a warning or worse."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line."""
        self.lines.append(record.getMessage())


def load() -> None:
    """Load Apprise and its services, which it does by itself on first use."""
    instance("json://localhost")


def instance(address: str) -> NotifyBase | None:
    """The service of an address, or None where it is none."""
    import apprise

    made: NotifyBase | None = apprise.Apprise.instantiate(address, asset=asset(), suppress_exceptions=True)
    return made


def asset() -> AppriseAsset:
    """How messages name their sender; nothing is loaded from folders or kept on disk."""
    import apprise

    return apprise.AppriseAsset(
        app_id="librarian",
        app_desc="librarian",
        app_url="",
        plugin_paths=[],
        storage_mode=apprise.PersistentStoreMode.MEMORY,
    )
