"""imagehub's text log of events, `logs/imagehub.log`: `YYYY-MM-DD HH:MM:SS,mmm ~ TEXT`, rotated at midnight.

A file has one writer: of several receivers the first has the usual name, another one `imagehub-ID.log`.
"""

from __future__ import annotations

import logging
from logging.handlers import TimedRotatingFileHandler
from pathlib import Path

from receiver.claims import Claim

log = logging.getLogger("receiver")


class _Handler(TimedRotatingFileHandler):
    """A full disk costs the line, never the receiver: the outbox holds the event."""

    complained = False

    def handleError(self, record: logging.LogRecord) -> None:
        if not self.complained:
            log.exception("imagehub.log cannot be written; events are kept in the outbox all the same")
        self.complained = True


class EventLog:
    """The log file. Times and midnight are those of the process's time zone."""

    def __init__(self, folder: Path, receiver_id: str) -> None:
        self._usual = Claim(folder / ".imagehub.lock")
        path = folder / ("imagehub.log" if self._usual.held() else f"imagehub-{receiver_id}.log")
        self._handler = _Handler(path, when="midnight", encoding="utf-8")
        self._handler.setFormatter(logging.Formatter("%(asctime)s ~ %(message)s"))

    def write(self, text: str) -> None:
        """Append one event; `text` holds no newline."""
        self._handler.handle(logging.makeLogRecord({"msg": text, "levelno": logging.INFO, "levelname": "INFO"}))

    def close(self) -> None:
        """Close the file."""
        self._handler.close()
        self._usual.release()
