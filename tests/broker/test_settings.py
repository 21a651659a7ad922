"""What is said of a broker that may lose messages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import redis

from ingest import broker_settings
from tests.broker.conftest import Redis

GOOD = "appendonly yes\nappendfsync everysec\nmaxmemory-policy noeviction"


def test_the_defaults_of_debians_redis_are_named_with_what_mends_them(redis_server: Callable[..., Redis]) -> None:
    client = redis.Redis(port=redis_server().port)
    [line] = broker_settings.problems(client)
    assert line.startswith("The broker has appendonly no: ")
    assert "`CONFIG SET appendonly yes`" in line
    client.config_set("appendonly", "yes")
    assert broker_settings.problems(client) == []


@pytest.mark.parametrize("sync", ["everysec", "always"])
def test_settings_that_lose_nothing_are_right(redis_server: Callable[..., Redis], sync: str) -> None:
    server = redis_server(GOOD.replace("everysec", sync))
    assert broker_settings.problems(redis.Redis(port=server.port)) == []


@pytest.mark.parametrize(
    ("right", "wrong", "mend"),
    [
        ("appendfsync everysec", "appendfsync no", "appendfsync everysec"),
        ("maxmemory-policy noeviction", "maxmemory-policy allkeys-lru", "maxmemory-policy noeviction"),
    ],
)
def test_each_wrong_setting_is_named(redis_server: Callable[..., Redis], right: str, wrong: str, mend: str) -> None:
    server = redis_server(GOOD.replace(right, wrong))
    [line] = broker_settings.problems(redis.Redis(port=server.port))
    assert line.startswith(f"The broker has {wrong}: ")
    assert f"`CONFIG SET {mend}`" in line and f"`{mend}`" in line


def test_a_memory_that_is_nearly_full_is_named(redis_server: Callable[..., Redis]) -> None:
    client = redis.Redis(port=redis_server(GOOD).port)
    used = client.info("memory")["used_memory"]
    client.config_set("maxmemory", used * 2)
    assert broker_settings.problems(client) == []
    client.config_set("maxmemory", int(used * 1.05))
    [line] = broker_settings.problems(client)
    assert "(maxmemory)" in line


def test_settings_that_cannot_be_read_are_called_so(redis_server: Callable[..., Redis]) -> None:
    port = redis_server("user ann on >pw ~* +@all -@dangerous").port
    [line] = broker_settings.problems(redis.Redis(port=port, username="ann", password="pw"))
    assert "could not be checked" in line
    for setting in ("appendonly yes", "appendfsync everysec or always", "maxmemory-policy noeviction"):
        assert setting in line


def test_the_bundled_broker_loses_nothing(broker: redis.Redis) -> None:
    assert broker_settings.problems(broker) == []


def test_a_worker_warns_of_what_it_finds(
    redis_server: Callable[..., Redis], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    import environment

    server = redis_server()
    monkeypatch.setenv("REDIS_URL", f"redis://127.0.0.1:{server.port}/0")
    environment.current.cache_clear()
    try:
        broker_settings.log_problems()
        server.kill()
        broker_settings.log_problems()
    finally:
        monkeypatch.undo()
        environment.current.cache_clear()
    first, second = [record.message for record in caplog.records if record.name == broker_settings.__name__]
    assert "appendonly no" in first
    assert "could not be checked" in second
