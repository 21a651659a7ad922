"""What a line looks like, whatever is in it."""

from __future__ import annotations

import json
import logging
import logging.config
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest

import logs

HOSTILE = "gate\n2026-11-22 23:10:02,123 ERROR receiver forged\r\x1b[2K\x00 \u2028\udc80"


class Written:
    """A logger of our own, in a format, and what it has written."""

    def __init__(self, format: str) -> None:
        config = logs.dict_config("DEBUG", format, "Europe/Berlin")
        made = config["formatters"]["chosen"]
        self._text = StringIO()
        handler = logging.StreamHandler(self._text)
        handler.setFormatter(made.pop("()")(**made))
        handler.addFilter(logs.AddIds())
        self.log = logging.Logger(f"tests.{format}", "DEBUG")  # by itself: nobody else captures hostile text
        self.log.addHandler(handler)

    @property
    def lines(self) -> list[str]:
        return self._text.getvalue().split("\n")[:-1]

    @property
    def fields(self) -> dict[str, Any]:
        [line] = self.lines
        document: dict[str, Any] = json.loads(line)
        return document


@pytest.fixture
def line() -> Iterator[Written]:
    yield Written("line")


@pytest.fixture
def as_json() -> Iterator[Written]:
    yield Written("json")


def test_it_puts_the_ids_before_the_text(line: Written) -> None:
    line.log.info("outside")
    with logs.bound(message="m1"):
        line.log.info("known")
        with logs.bound(image=0):
            line.log.info("both")
        line.log.info("after")
    assert [one.partition(" INFO tests.line ")[2] for one in line.lines] == [
        "outside",
        "[message=m1] known",
        "[message=m1 image=0] both",
        "[message=m1] after",
    ]


def test_what_becomes_known_inside_is_forgotten_outside(line: Written) -> None:
    with logs.bound(message="m1"):
        with logs.bound():
            logs.bind(image=7)
            line.log.info("inside")
        line.log.info("outside")
    assert ["image=7" in one for one in line.lines] == [True, False]


def test_ids_that_a_line_brings_itself_win(line: Written) -> None:
    with logs.bound(message="m1"):
        line.log.info("x", extra={"message_id": "m2"})
    assert "[message=m2] x" in line.lines[0]


def test_a_line_has_the_time_of_the_site(line: Written) -> None:
    record = logging.makeLogRecord({"name": "ingest", "levelname": "INFO", "msg": "x", "created": 1795385402.123})
    assert line.log.handlers[0].format(record) == "2026-11-22 23:10:02,123 INFO ingest x"


@pytest.mark.parametrize("format", logs.FORMATS)
def test_no_text_begins_a_line_of_its_own(format: str) -> None:
    written = Written(format)
    with logs.bound(message=HOSTILE):
        written.log.info("text %s", HOSTILE)
    [one] = written.lines
    assert one.isprintable()


def test_an_exception_cannot_forge_a_line(line: Written) -> None:
    try:
        raise ValueError(HOSTILE)
    except ValueError:
        line.log.exception("it failed")
    first, *rest = line.lines
    assert first.endswith("ERROR tests.line it failed")
    assert rest and all(one.startswith("  ") and one.isprintable() for one in rest)
    assert "ValueError: gate" in "\n".join(rest)


def test_json_has_every_field(as_json: Written) -> None:
    with logs.bound(message="m1", image=3):
        as_json.log.warning("seen %s", HOSTILE, extra={"status": 200, "path": "/x", "request": object()})
    fields = as_json.fields
    assert fields.pop("time").endswith("+00:00")
    assert fields.pop("pid") > 0
    assert fields == {
        "level": "WARNING",
        "logger": "tests.json",
        "process": "MainProcess",
        "message_id": "m1",
        "image_id": 3,
        "text": f"seen {HOSTILE}",
        "status": 200,
        "path": "/x",
    }


def test_an_exception_is_one_line_of_json(as_json: Written) -> None:
    try:
        raise ValueError("broken")
    except ValueError:
        as_json.log.exception("it failed")
    assert as_json.fields["text"] == "it failed"
    assert as_json.fields["exception"].splitlines()[-1] == "ValueError: broken"


@pytest.mark.parametrize("format", logs.FORMATS)
@pytest.mark.parametrize(
    "text",
    [
        "redis://:gehe!m@127.0.0.1:6379/0 refuses",
        "mysql://user:gehe!m@host/name",
        "rediss://user:p@gehe!m@host, and ann@example.org",
        "GET /login/?next=/&token=gehe!m HTTP/1.1",
        "https://example.org/hook?key=gehe!m",
    ],
)
def test_it_leaves_out_what_addresses_hold_of_secrets(format: str, text: str) -> None:
    written = Written(format)
    try:
        raise ValueError(text)
    except ValueError:
        written.log.exception("%s", text, extra={"more": text})
    assert "***" in written.lines[0]
    assert "gehe!m" not in "\n".join(written.lines)


def test_it_leaves_other_texts_alone() -> None:
    for text in ("what? /a=b", "mail ann@example.org", "http://host:80/path", "12:30 @ gate", "gate Driveway|motion|?"):
        assert logs.without_secrets(text) == text
