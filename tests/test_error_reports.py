"""What is reported of errors, and that nothing is where nobody asked for it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness import ROOT
from tests.sentry import Sentry, sentry

PLATE, PASSWORD = "KV482BT", "a-password-in-an-address"
FAILING = f"""
import logging, sys
import error_reports, logs
logs.configure()
error_reports.start("a test")
log = logging.getLogger("ingest.anything")
def fail(plate):
    raise ValueError(f"no such plate: {{plate}}")
with logs.bound(message="01a205a2", image=17):
    try:
        fail("{PLATE}")
    except ValueError:
        log.exception("%s failed", "{PLATE}")
    logging.getLogger("a.library").error("mysql://u:{PASSWORD}@h: {PLATE}")
    log.warning("no error")
print("sentry_sdk" in sys.modules)
fail("{PLATE}")
"""


@pytest.fixture
def server() -> Iterator[Sentry]:
    with sentry() as found:
        yield found


def run(folder: Path, dsn: str) -> str:
    env = os.environ | {"DATA_DIR": str(folder), "SENTRY_DSN": dsn}
    done = subprocess.run([sys.executable, "-c", FAILING], cwd=ROOT, env=env, capture_output=True, text=True)
    assert done.returncode == 1 and "no such plate" in done.stderr, done.stderr
    return done.stdout.strip()


def test_a_report_says_where_and_not_about_whom(server: Sentry, tmp_path: Path) -> None:
    assert run(tmp_path, server.dsn) == "True"
    logged, foreign, ended = server.events
    assert logged["logentry"] == {"message": "%s failed"} and logged["logger"] == "ingest.anything"
    assert logged["tags"] == {"process": "a test", "message_id": "01a205a2", "image_id": "17"}
    [problem] = logged["exception"]["values"]
    assert problem["type"] == "ValueError" and "value" not in problem
    [_called, failed] = problem["stacktrace"]["frames"]
    assert (failed["function"], "vars" in failed) == ("fail", False)
    assert foreign["logentry"] == {"message": "(left out)"}
    assert ended["exception"]["values"][0]["type"] == "ValueError" and "logentry" not in ended
    sent = "".join(server.bodies)
    assert not [secret for secret in (PLATE, PASSWORD, str(tmp_path), "server_name") if secret in sent]


def test_nothing_is_sent_nor_even_loaded_without_a_dsn(server: Sentry, tmp_path: Path) -> None:
    assert run(tmp_path, "") == "False"
    assert server.bodies == []


def test_a_server_that_is_not_there_holds_up_nobody(tmp_path: Path) -> None:
    assert run(tmp_path, "http://0123@127.0.0.1:9/7") == "True"
