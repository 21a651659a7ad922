"""A broker behind TLS, passwords and users: who gets in, and what is said to who does not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
import redis

import broker_url
from receiver.broker import BROKER_ERRORS, Broker
from tests.broker.conftest import PASSWORD, USER, USERS_PASSWORD, Certificates, Redis
from tests.harness import DRIVES, ROOT, eventually, installation, manage, private_env
from tests.isolation import DATA_DIR

LOGINS = [("", PASSWORD), (USER, USERS_PASSWORD)]


def address(
    server: Redis, ca: Path | str = "", user: str = "", password: str = PASSWORD, host: str = "127.0.0.1"
) -> str:
    login = f"{quote(user)}:{quote(password, safe='')}@"
    return broker_url.normal(f"rediss://{login}{host}:{server.tls_port}/0{f'?ssl_ca_certs={ca}' if ca else ''}")


def problem_of_redis(url: str) -> str:
    with pytest.raises(redis.RedisError) as problem:
        redis.Redis.from_url(url, socket_timeout=5).ping()
    return broker_url.explain(problem.value)


def problem_of_kombu(url: str) -> str:
    with pytest.raises(BROKER_ERRORS) as problem:
        Broker(url).ping()
    return broker_url.explain(problem.value.__cause__ or problem.value)


@pytest.mark.parametrize(("user", "password"), LOGINS)
def test_both_clients_get_in(tls_server: Redis, certificates: Certificates, user: str, password: str) -> None:
    url = address(tls_server, certificates.ca, user, password)
    assert redis.Redis.from_url(url).ping()
    Broker(url).ping()


PROBLEMS = {
    "unknown CA": ({}, "its certificate is not trusted"),
    "other host": ({"ca": True, "host": "127.0.0.2"}, "its certificate is for another address"),
    "wrong password": ({"ca": True, "password": "falsch"}, "the user or the password in REDIS_URL is wrong"),
    "wrong user": ({"ca": True, "user": "ann"}, "the user or the password in REDIS_URL is wrong"),
}


@pytest.mark.parametrize("problem_of", [problem_of_redis, problem_of_kombu])
@pytest.mark.parametrize("what", PROBLEMS)
def test_it_says_why_it_does_not_get_in(
    tls_server: Redis, certificates: Certificates, what: str, problem_of: object
) -> None:
    given, said = PROBLEMS[what]
    arguments = {**given, "ca": certificates.ca if "ca" in given else ""}
    line = problem_of(address(tls_server, **arguments))  # type: ignore[operator,arg-type]
    assert said in line
    assert "\n" not in line and PASSWORD not in line


def test_it_says_that_a_password_or_tls_is_missing(tls_server: Redis) -> None:
    assert "it wants a password" in problem_of_redis(f"redis://127.0.0.1:{tls_server.port}/0")
    assert "it wants a password" in problem_of_kombu(f"redis://127.0.0.1:{tls_server.port}/0")
    assert "starts with rediss://" in problem_of_redis(f"redis://127.0.0.1:{tls_server.tls_port}/0")
    assert "starts with rediss://" in problem_of_kombu(f"redis://127.0.0.1:{tls_server.tls_port}/0")


def test_checking_can_be_switched_off_expressly(tls_server: Redis) -> None:
    url = address(tls_server).replace("required", "none")
    assert redis.Redis.from_url(url).ping()
    Broker(url).ping()


def test_a_receiver_logs_why_and_no_password(tls_server: Redis, tmp_path: Path) -> None:
    env = private_env(tmp_path) | {"REDIS_URL": address(tls_server), "LOG_LEVEL": "DEBUG"}
    log = tmp_path / "said"
    with log.open("w") as said:
        process = subprocess.Popen([sys.executable, "-m", "receiver"], cwd=ROOT, env=env, stderr=said)
    try:
        eventually(lambda: "its certificate is not trusted" in log.read_text(), 20)
    finally:
        process.terminate()
        process.wait(10)
    assert quote(PASSWORD, safe="") not in log.read_text() and PASSWORD not in log.read_text()


def test_it_does_not_start_with_a_broker_that_it_does_not_trust(tls_server: Redis, tmp_path: Path) -> None:
    done = manage(private_env(tmp_path) | {"REDIS_URL": address(tls_server)}, "prepare")
    assert done.returncode == 2
    assert done.stderr.startswith("librarian: REDIS_URL: the broker does not answer")
    assert "certificate verify failed" in done.stderr


def test_everything_runs_with_tls_and_a_user(tls_server: Redis, certificates: Certificates, tmp_path: Path) -> None:
    """Receiver, workers, beat, pages and Flower, none of which shows a password."""
    (tmp_path / "models").symlink_to(DATA_DIR / "models")
    url = address(tls_server, certificates.ca, USER, USERS_PASSWORD)
    with installation(tmp_path, private_env(tmp_path) | {"REDIS_URL": url}) as site:
        site.send("gate Driveway|jpg", DRIVES[0].read_bytes())
        eventually(lambda: site.looked_at() == 1)
        assert site.status()["outbox"] == {"unpublished": 0}
        eventually(lambda: "Connected to rediss://" in site.log("flower"), 30)
        commands = str([process.cmdline() for process in site.family()])
    logs = "".join(file.read_text() for file in (tmp_path / "logs").glob("*.log"))
    assert "insecure" not in logs.lower()
    for secret in (USERS_PASSWORD, quote(USERS_PASSWORD, safe="")):
        assert secret not in logs + commands
