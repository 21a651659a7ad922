"""What must be ready before the processes start: folders, ports, models, database, static files, administrator."""

from __future__ import annotations

import itertools
import secrets
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import redis
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import DatabaseError, connection
from rich.markup import escape

import broker_url
import environment
from cameras.receiver_settings import write_receiver_settings
from detections import detectors
from environment import Environment, EnvironmentProblem
from ingest import broker_settings, database_checks, queues
from ingest.backup.upgrading import unfinished
from ingest.up.broker import choose_url, port_is_free

Say = Callable[[str], None]


def prepare(env: Environment, say: Say) -> None:
    """Make everything ready; can be stopped and run again."""
    pictures = (env.images_dir, env.thumbnails_dir, env.previews_dir)
    for folder in (*pictures, env.outbox_dir, env.logs_dir, env.run_dir, env.models_dir):
        make_folder(env, folder)
    if unfinished():
        raise EnvironmentProblem("An upgrade was cut off: `make upgrade` puts the tables back and begins anew.")
    prepare_broker(env, say)
    check_database()
    with timed(say, "models ready"):
        detectors.prepare(env, say)
    with timed(say, "database ready"):
        migrate()
    write_receiver_settings()
    with timed(say, "static files ready"):
        call_command("collectstatic", interactive=False, verbosity=0)
    create_administrator(say)


def make_folder(env: Environment, folder: Path) -> None:
    """Make one folder of ours."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise EnvironmentProblem(f"DATA_DIR={str(env.data_dir)!r} cannot be written: {problem.strerror}.") from None


def check_ports(env: Environment) -> None:
    """Stop early, and by name, where another program has a port of ours."""
    wanted = [("WEB_ADDRESS", env.web_address), ("FLOWER_ADDRESS", env.flower_address)]
    wanted += [("RECEIVER_ADDRESS", one) for one in tcp_ports(env.receiver_address)]
    wanted += [("RECEIVER_LIVE_ADDRESS", one) for one in tcp_ports(env.receiver_live_address)]
    if env.receiver_metrics_address:
        wanted.append(("RECEIVER_METRICS_ADDRESS", env.receiver_metrics_address))
    for name, (host, port) in wanted:
        if not port_is_free(host, port):
            raise EnvironmentProblem(f"{name}: another program listens on port {port}. Stop it or set another port.")


def tcp_ports(addresses: Iterable[str]) -> list[tuple[str, int]]:
    """The host and port of each ZeroMQ address that has one."""
    rests = [rest for scheme, _, rest in (one.partition("://") for one in addresses) if scheme != "ipc"]
    return [(host.strip("[]"), int(port)) for host, _, port in (rest.rpartition(":") for rest in rests)]


def prepare_broker(env: Environment, say: Say) -> None:
    """Reach the user's broker and say what it may lose; or choose an address for the bundled one, for all commands."""
    if environment.is_set("REDIS_URL"):
        broker = queues.client(timeout=3.0)
        try:
            broker.ping()
            for line in broker_settings.problems(broker):
                say(f"[yellow]{escape(line)}[/yellow]")
        except redis.RedisError as problem:
            why = broker_url.explain(problem)
            raise EnvironmentProblem(f"REDIS_URL: the broker does not answer ({why}).") from None
        return
    url = choose_url(env)
    file = environment.chosen_file(env.data_dir)
    file.touch(mode=0o600)
    file.write_text(f"# What `up` chose; written anew at every start.\nREDIS_URL='{url}'\n")
    environment.current.cache_clear()


def check_database() -> None:
    """Stop where the database cannot be used, or would give wrong answers."""
    found = [one for one in database_checks.check_database(databases=["default"]) if one.is_serious()]
    if found:
        raise EnvironmentProblem("\n".join(f"{one.msg} {one.hint or ''}".strip() for one in found))


def migrate() -> None:
    """Bring the tables up to date."""
    try:
        call_command("migrate", interactive=False, verbosity=0)
    except DatabaseError as problem:
        raise EnvironmentProblem(" ".join(database_checks.in_words(problem, connection))) from problem


def create_administrator(say: Say) -> None:
    """Make the user `admin` with a random password, shown this once, where nobody administers yet.

    Where somebody has that name who does not administer, it is `admin2`, and so on.
    """
    users = get_user_model().objects
    if users.filter(is_superuser=True).exists():
        return
    names = itertools.chain(["admin"], (f"admin{number}" for number in itertools.count(2)))
    name = next(name for name in names if not users.filter(username=name).exists())
    password = secrets.token_urlsafe(12)
    users.create_superuser(name, password=password)
    say(f"[bold]Log in as {name} with the password {password}[/bold] (shown only now; change it under Account)")


@contextmanager
def timed(say: Say, what: str) -> Iterator[None]:
    """Say what is ready, with the seconds that it took."""
    started = time.monotonic()
    yield
    say(f"[green]✓[/green] {what} ({time.monotonic() - started:.1f} s)")
