"""Fixtures that every test may use."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
from pytest_django import Settings

import environment
import logs
from librarian_project.celery import app
from tests.harness import Installation, installation
from tests.isolation import DATA_DIR
from tests.servers import Broker
from tests.sites import redis_program


@pytest.fixture(autouse=True)
def own_ids() -> Iterator[None]:
    """What a test binds to its log lines ends with it."""
    with logs.bound():
        yield


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Iterator[Path]:
    """A data folder of this test's own; converted models are shared."""
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    environment.current.cache_clear()
    settings.DATA_DIR = tmp_path
    env = environment.current()
    for folder in (env.images_dir, env.thumbnails_dir, env.previews_dir, env.outbox_dir, env.run_dir, env.logs_dir):
        folder.mkdir()
    env.models_dir.symlink_to(DATA_DIR / "models")
    yield tmp_path
    monkeypatch.undo()
    environment.current.cache_clear()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A running installation of this module's own, as `make run` starts it; the converted model is shared."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "models").symlink_to(DATA_DIR / "models")
    with installation(folder) as found:
        yield found


@pytest.fixture(scope="session")
def broker_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real broker with the settings of the bundled one; which program it is, sites.py says."""
    server = Broker(tmp_path_factory.mktemp("broker"), redis_program())
    yield server.url
    server.stop()


@pytest.fixture
def broker(broker_url: str, data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[redis.Redis]:
    """The broker, empty, and Celery in this process publishing to it."""
    monkeypatch.setenv("REDIS_URL", broker_url)
    environment.current.cache_clear()
    before = app.conf.broker_url
    reconnect(app, broker_url)
    client = redis.Redis.from_url(broker_url)
    client.flushall()
    yield client
    reconnect(app, before)


def reconnect(celery: Any, url: str) -> None:
    """Have Celery publish elsewhere; its pools are made anew on next use."""
    celery.conf.broker_url = celery.conf.broker_write_url = url
    celery._pool = celery.amqp._producer_pool = None
