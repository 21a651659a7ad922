"""The processes of one machine, as a configuration of supervisor."""

from __future__ import annotations

import hashlib
import shlex
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from detections import precision
from environment import BASE_DIR, Environment
from ingest.up.broker import server_binary, write_config
from ingest.up.guard import Ear


def escape(value: object) -> str:
    """Supervisor expands `%(name)s` in values and cuts them at ` ;`."""
    return str(value).replace("%", "%%")


@dataclass(frozen=True, slots=True)
class Process:
    """One supervised process."""

    name: str
    command: tuple[str, ...]
    stop_signal: str = "TERM"
    directory: str = escape(BASE_DIR)


WATCHED = ("receiver", "worker-", "beat")
"""How the names begin of those that give signs of life. Gunicorn looks after its own worker; Flower only shows."""
PROGRAM = """\
[program:{name}]
command={command}
directory={directory}
autostart=true
autorestart=true
startsecs=2
startretries=1000
stopsignal={stop_signal}
stopwaitsecs=7
killasgroup=true
redirect_stderr=true
stdout_logfile=logs/{name}.log
stdout_logfile_maxbytes=10MB
stdout_logfile_backups=3
"""
SUPERVISOR = """\
[supervisord]
nodaemon=true
silent=true
logfile=logs/supervisord.log
logfile_maxbytes=5MB
pidfile=run/supervisord.pid
childlogdir=logs

[unix_http_server]
file={socket}
chmod=0600

[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
"""
CELERY = (sys.executable, "-m", "celery", "--quiet", "-A")
"""Quiet means no banner: the logs hold lines of our format only."""
SENDERS = 3
"""Channels that are sent by at once; each of them waits for other computers most of the time. Where nothing is sent, no
child is there for it: one is made within a tenth of a second, and goes when nothing was sent for half a minute."""
GROUP = """\
[group:{name}]
programs={programs}
priority={priority}
"""


def own_processes(env: Environment) -> list[Process]:
    """Receiver, workers, beat, web and Flower. Each model is in the memory of one worker's children only."""
    python = sys.executable
    light = (*CELERY, "librarian_project.light")
    flower_config = BASE_DIR / "librarian_project" / "flower_config.py"
    cloud = [worker("cloud", "cloud", "-c", "1")] if env.cloud_reading else []
    return [
        Process("receiver", (python, "-m", "receiver")),
        worker("pictures", "alerts,ingest,detect,detect_later", "-c", str(precision.processes(env))),
        worker("plates", "plates,maintenance,plates_later", "-c", "1"),
        worker("sending", "sending", "--autoscale", f"{SENDERS},0"),
        *cloud,
        Process("beat", (*light, "beat", "--pidfile=")),
        Process("web", (python, "-m", "gunicorn", *gunicorn_options(env), "librarian_project.wsgi")),
        Process("flower", (*light, "flower", f"--conf={flower_config}")),
    ]


def worker(name: str, queues: str, *children: str) -> Process:
    """A worker on some queues; `children` are Celery's options for how many tasks it does at once."""
    celery = (*CELERY, "librarian_project.celery", "worker")
    options = ("-n", f"{name}@%h", "-Q", queues, *children, "--without-gossip", "--without-mingle")
    # QUIT asks a worker to finish what it can within worker_soft_shutdown_timeout and to give back the rest.
    return Process(f"worker-{name}", (*celery, *options), "QUIT")


def gunicorn_options(env: Environment) -> tuple[str, ...]:
    """One process with threads: pages wait for the database and the disk, not for the processor."""
    host, port = env.web_address
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    return (
        "--config",
        str(BASE_DIR / "librarian_project" / "gunicorn_config.py"),
        "--bind",
        address,
        "--workers",
        "1",
        "--threads",
        str(env.web_threads),
        "--graceful-timeout",
        "2",
        "--no-control-socket",
    )


def write_supervisor_config(env: Environment, bundled_broker: str, ears: Mapping[str, Ear]) -> Path:
    """Write supervisor's configuration and return its path; `bundled_broker` is its REDIS_URL or empty.

    `ears` hear the signs of life of those processes that give any, by their names.

    Paths in the data folder are relative to it, since supervisor is started there: it expands some more than once and
    takes ` #` for a comment, so that no escaping would get every folder's name through.
    """
    processes = own_processes(env)
    socket = socket_path(env)
    inside = socket.is_relative_to(env.data_dir)
    parts = [SUPERVISOR.format(socket=socket.relative_to(env.data_dir) if inside else escape(socket))]
    # Groups start in the order of their priority and stop in the reverse order, one after the other; what is in one
    # group stops together. So the broker goes last.
    if bundled_broker:
        config = write_config(env, bundled_broker)
        broker = Process("broker", (server_binary(), config.name), directory=config.parent.name)
        parts += [program(broker), GROUP.format(name="broker", programs="broker", priority=1)]
    parts += [program(process, ears.get(process.name)) for process in processes]
    parts.append(GROUP.format(name="librarian", programs=",".join(one.name for one in processes), priority=2))
    file = env.run_dir / "supervisord.conf"
    file.write_text("\n".join(parts))
    return file


def program(process: Process, ear: Ear | None = None) -> str:
    """The section of one process; `ear` hears its signs of life."""
    section = PROGRAM.format(
        name=process.name,
        command=escape(shlex.join(process.command)),
        directory=process.directory,
        stop_signal=process.stop_signal,
    )
    return f'{section}environment=NOTIFY_SOCKET="{ear.address}"\n' if ear else section


def socket_path(env: Environment) -> Path:
    """Where supervisor listens for us; a socket's path may not be longer than 107 bytes."""
    path = env.run_dir / "supervisor.sock"
    if len(str(path).encode()) < 90:
        return path
    digest = hashlib.sha256(str(path).encode()).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"librarian-{digest}.sock"
