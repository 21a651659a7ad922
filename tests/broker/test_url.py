"""REDIS_URL: one form that every client reads alike."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import redis
from kombu import Connection

import broker_url
from environment import EnvironmentProblem, load


@pytest.mark.parametrize(
    ("given", "normal"),
    [
        ("redis://host", "redis://host:6379/0"),
        ("redis://:a;b@host:1/3", "redis://:a%3Bb@host:1/3"),
        ("redis://ann:p@w@[::1]:1/", "redis://ann:p%40w@[::1]:1/0"),
        ("rediss://host/0", "rediss://host:6379/0?ssl_cert_reqs=required"),
        ("rediss://host?ssl_cert_reqs=CERT_NONE", "rediss://host:6379/0?ssl_cert_reqs=none"),
    ],
)
def test_it_has_one_form(given: str, normal: str) -> None:
    assert broker_url.normal(given) == normal
    assert broker_url.normal(normal) == normal


@pytest.mark.parametrize(
    "given", ["redis://ann:p%40;%2Fw@host:7/3", "redis://:%25@[::1]:7", "rediss://:x@host:7/1?ssl_check_hostname=False"]
)
def test_both_clients_understand_the_same(given: str) -> None:
    url = broker_url.normal(given)
    ours = redis.Redis.from_url(url).connection_pool.connection_kwargs
    with Connection(url) as connection:
        theirs = connection.info()
        ssl: Any = connection.ssl or {}
    assert (ours["host"], ours["port"], ours["db"]) == (theirs["hostname"], theirs["port"], int(theirs["virtual_host"]))
    assert (ours.get("username"), ours.get("password")) == (theirs["userid"], theirs["password"])
    assert ours.get("ssl_check_hostname", True) == ssl.get("ssl_check_hostname", True)


@pytest.mark.parametrize(
    ("value", "wants"),
    [
        ("http://host", "redis:// or rediss://"),
        ("redis://", "redis:// or rediss://"),
        ("redis://:geh#eim@host", "%23"),
        ("redis://:geh/eim@host", "wants"),
        ("redis://host/geheim", "number of a database"),
        ("redis://host?ssl_cert_reqs=none", "rediss:// where"),
        ("rediss://host?ssl_cert_reqs=geheim", "required, optional or none"),
        ("rediss://host?ssl_ca_certs=geheim.pem", "existing file as ssl_ca_certs"),
        ("rediss://host?ssl_ca_certs=/nowhere/geheim.pem", "existing file as ssl_ca_certs"),
        ("rediss://host?ssl_check_hostname=geheim", "true or false"),
        ("rediss://host?password=geheim", "no other parameters than ssl_cert_reqs"),
    ],
)
def test_it_says_what_is_wanted_and_nothing_of_the_address(tmp_path: Path, value: str, wants: str) -> None:
    with pytest.raises(EnvironmentProblem) as problem:
        load({"REDIS_URL": value}, tmp_path / "none")
    assert str(problem.value).startswith("REDIS_URL=(hidden) cannot be used: it wants ")
    assert wants in str(problem.value)
    assert "geh" not in str(problem.value)
