"""The services of docker/compose.yml run as they are written, each on a root of its own, without a container engine.

What a container gives them is made with mounts and a network namespace: the image's files where .dockerignore lets them
through, volumes, secrets and tmpfs at their paths, everything else read-only, the services' names in /etc/hosts, no
capabilities beyond those that are asked for. What is not made is the images of others (their programs are Debian's), a
user for librarian's processes, and limits. Needs root.
"""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import yaml

from tests.harness import ROOT
from tests.mariadb import USER, MariaDB, unprivileged
from tests.servers import PATH, START_SECONDS, bound_to_us

DOCKER = ROOT / "docker"
LOOPBACK = """
import fcntl, socket, struct, time
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
    fcntl.ioctl(s, 0x8914, struct.pack("16sH14x", b"lo", 1))  # SIOCSIFFLAGS, IFF_UP
print(flush=True)
time.sleep(1e6)
"""
ROOTFS = """
set -e
mkdir -p {place}
mount -t tmpfs tmpfs {place}
mkdir {place}/upper {place}/work {place}/root
mount -t overlay overlay -o lowerdir=/,upperdir={place}/upper,workdir={place}/work {place}/root
cd {place}/root
{inside}
mount -o remount,ro {place}/root
mount --bind /proc proc
mount --rbind /dev dev
{volumes}
exec chroot . env --ignore-environment --chdir={directory} {variables} {command}
"""


def config(folder: Path, *profiles: str) -> dict[str, Any]:
    """The services and all else as docker-compose understands the file; raises `AssertionError` with what it says."""
    options = [word for profile in profiles for word in ("--profile", profile)]
    command = ["docker-compose", "--file", "compose.yml", *options, "config"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, env={"PATH": PATH, "HOME": str(folder)})
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = yaml.safe_load(done.stdout.replace("$$", "$"))
    return found


def prepared(folder: Path, **variables: str) -> Path:
    """A copy of docker/ with its secrets and its .env made, as docs/production.md has it."""
    copy = folder / "docker"
    shutil.copytree(DOCKER, copy, ignore=shutil.ignore_patterns("secrets", ".env"))
    shutil.copy(copy / "example.env", copy / ".env")
    with (copy / ".env").open("a") as file:
        file.writelines(f"{name}={value}\n" for name, value in variables.items())
    subprocess.run(["sh", "make_secrets.sh"], cwd=copy, check=True, capture_output=True)
    return copy


def image_files(folder: Path) -> Path:
    """What `COPY . .` takes: all that .dockerignore lets through after it has shut everything out."""
    image = folder / "image"
    image.mkdir()
    wanted = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    for found in (path for pattern in wanted for path in ROOT.glob(pattern)):
        if found.is_dir():
            shutil.copytree(found, image / found.name, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
        else:
            shutil.copy(found, image / found.name)
    return image


class Containers:
    """All services; `start` and `stop` them one by one."""

    def __init__(self, folder: Path, **variables: str) -> None:
        self.folder = folder
        self.docker = prepared(folder, **variables)
        self.config = config(self.docker, "cloud", "grafana")
        self.services: dict[str, Any] = self.config["services"]
        self.image = image_files(folder)
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        unshared = ["unshare", "--net", sys.executable, "-c", LOOPBACK]
        self.network = subprocess.Popen([*bound_to_us(), *unshared], stdout=subprocess.PIPE)
        assert self.network.stdout and self.network.stdout.readline()

    def volume(self, name: str) -> Path:
        """The folder of a named volume."""
        place = self.folder / "volumes" / name
        place.mkdir(parents=True, exist_ok=True)
        return place

    def start(self, name: str) -> subprocess.Popen[bytes]:
        """Run a service's command."""
        service = self.services[name]
        if name == "mariadb":
            self._make_database(service)
        popen = self._run(name, service, service["command"])
        self.running[name] = popen
        return popen

    def healthy(self, name: str) -> bool:
        """Whether the service's own check says so, within its time."""
        check = self.services[name]["healthcheck"]["test"]
        command = ["sh", "-c", check[1]] if check[0] == "CMD-SHELL" else check[1:]
        if command[0] == "healthcheck.sh":  # a script of the image's that asks this
            command = ["mariadb-admin", "--socket=/run/mysqld/mysqld.sock", "ping"]
        return self.inside(name, command).returncode == 0

    def wait(self, name: str, seconds: float = START_SECONDS) -> None:
        """Return once the service is healthy; fail where it ends or takes longer."""
        deadline = time.monotonic() + seconds
        while not self.healthy(name):
            if self.running[name].poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"{name}: {self.log(name)[-3000:]}")
            time.sleep(0.3)

    def log(self, name: str) -> str:
        """What a service wrote."""
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def inside(self, name: str, command: list[str]) -> subprocess.CompletedProcess[str]:
        """Run a command beside a running service, where it sees what the service sees."""
        pid = self.running[name].pid
        enter = ["nsenter", f"--target={pid}", "--mount", "--net", "--root", "--wd", "--"]
        return subprocess.run(
            [*enter, *command], env=variables(self.services[name]), capture_output=True, text=True, timeout=60
        )

    def outside(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the host's that reaches the services' ports."""
        enter = ["nsenter", f"--target={self.network.pid}", "--net", "--"]
        return subprocess.run([*enter, *command], cwd=ROOT, capture_output=True, text=True, timeout=120)

    def stop(self, name: str) -> int:
        """Stop a service as an engine would; its exit status, negative for the signal that killed it."""
        service, popen = self.services[name], self.running.pop(name)
        popen.send_signal(signal.Signals[service.get("stop_signal", "SIGTERM")])
        seconds = int(re.sub(r"\D", "", service.get("stop_grace_period", "10s")))
        try:
            return popen.wait(seconds)
        except subprocess.TimeoutExpired:
            popen.kill()
            return popen.wait()

    def close(self) -> None:
        """End everything."""
        for popen in [*self.running.values(), self.network]:
            popen.kill()
            popen.wait()

    def _run(self, name: str, service: dict[str, Any], command: list[str]) -> subprocess.Popen[bytes]:
        script = self.folder / f"{name}.sh"
        script.write_text(self._script(name, service, command))
        enter = ["nsenter", f"--target={self.network.pid}", "--net", "unshare", "--mount"]
        with (self.folder / f"{name}.log").open("ab") as log:
            return subprocess.Popen([*bound_to_us(), *enter, "sh", str(script)], stdout=log, stderr=log)

    def _script(self, name: str, service: dict[str, Any], command: list[str]) -> str:
        ours = "build" in service
        mounts = self._programs() | dict(self._mounts(name, service))
        inside = [f"mkdir -p .{path}" for path in service.get("tmpfs", [])]
        for path, source in mounts.items():
            inside.append(f"mkdir -p .{path if source.is_dir() else Path(path).parent}")
            inside += [] if source.is_dir() else [f"touch .{path}"]
        inside += [f"mkdir -p ./run/secrets && touch ./run/secrets/{one}" for one in secrets_of(service)]
        inside.append("printf '127.0.0.1 localhost %s\\n' " + f"'{' '.join(self.services)}' > etc/hosts")
        volumes = [f"mount --bind {source} .{path}" for path, source in mounts.items()]
        volumes += [f"mount -t tmpfs tmpfs .{path}" for path in service.get("tmpfs", [])]
        volumes += [f"mount --bind {self.docker}/secrets/{one} ./run/secrets/{one}" for one in secrets_of(service)]
        if ours:
            inside.append("mkdir -p ./opt/librarian")
            volumes += [f"mount --bind {self.image} ./opt/librarian", "mount -o remount,ro,bind ./opt/librarian"]
        return ROOTFS.format(
            place=self.folder / "roots" / name,
            inside="\n".join(inside),
            volumes="\n".join(volumes),
            directory="/opt/librarian" if ours else "/",
            variables=" ".join(quoted(f"{key}={value}") for key, value in variables(service).items()),
            command=" ".join(map(quoted, [*privileges(service), *command])),
        )

    def _mounts(self, name: str, service: dict[str, Any]) -> Any:
        for volume in service.get("volumes", []):
            source, target, *_ = volume.split(":")
            place = Path(source) if source.startswith("/") else self.volume(source)
            if user := service.get("user"):
                shutil.chown(place, *map(int, user.split(":"))) if place.is_dir() else None
            yield target, place

    def _programs(self) -> dict[str, Path]:
        """Programs by the paths that they have in their images."""
        caddy = shutil.which("caddy") or ROOT / "build" / "tools" / "usr" / "bin" / "caddy"
        redis = shutil.which("redis-server") or shutil.which("redis-check-rdb")
        assert redis, "tests/install.sh installs redis-tools"
        return {
            "/opt/venv": Path(sys.prefix),
            "/usr/local/bin/caddy": Path(caddy),
            "/usr/local/bin/redis-server": Path(redis),
        }

    def _make_database(self, service: dict[str, Any]) -> None:
        """What the image's start does with an empty volume: the tables, the user, the time zones."""
        secret, root = (
            (self.docker / "secrets" / f"database_{one}").read_text() for one in ("password", "root_password")
        )
        name, user = service["environment"]["MARIADB_DATABASE"], service["environment"]["MARIADB_USER"]
        server = MariaDB()
        server.sql(f"CREATE DATABASE {name}; DROP USER {USER}@'%'")
        server.sql(f"CREATE USER {user}@'%' IDENTIFIED BY '{secret}'; GRANT ALL ON {name}.* TO {user}@'%'")
        server.sql("DROP USER IF EXISTS root@'127.0.0.1'")  # as the image has it
        server.sql(f"CREATE USER root@'%' IDENTIFIED BY '{root}'; GRANT ALL ON *.* TO root@'%' WITH GRANT OPTION")
        server.stop()
        (server.folder / "data").rename(self.volume("mariadb"))
        server.remove()


def secrets_of(service: dict[str, Any]) -> list[str]:
    """The names of the secrets that a service is given."""
    return [one["source"] if isinstance(one, dict) else one for one in service.get("secrets", [])]


def privileges(service: dict[str, Any]) -> list[str]:
    """How a command is run with no more than the service asks for."""
    if service["image"].startswith("mariadb"):  # its start drops to this user
        return ["setpriv", f"--reuid={unprivileged()}", "--clear-groups"]
    if user := service.get("user"):
        return ["setpriv", f"--reuid={user.split(':')[0]}", f"--regid={user.split(':')[1]}", "--clear-groups"]
    kept = [f"+{name.lower()}" for name in service.get("cap_add", [])]
    return ["setpriv", "--no-new-privs", f"--bounding-set={','.join(['-all', *kept])}"]


def variables(service: dict[str, Any]) -> dict[str, str]:
    """The environment of a service: its image's, and its own."""
    own = {"PATH": f"/usr/local/bin:{PATH}", "HOME": "/tmp"} if "build" not in service else image_variables()
    return own | {key: str(value) for key, value in service.get("environment", {}).items() if value is not None}


def image_variables() -> dict[str, str]:
    """The variables that the Dockerfile's last stage sets."""
    last = (DOCKER / "Dockerfile").read_text().rsplit("\nFROM ", 1)[1]
    line = re.search(r"^ENV (.*)$", last, re.MULTILINE)
    assert line
    found = dict(pair.split("=", 1) for pair in line[1].split())
    return found | {"PATH": found["PATH"].replace("$PATH", PATH), "HOME": "/data"}


def quoted(word: object) -> str:
    """A word for the shell, whatever is in it."""
    return "'" + str(word).replace("'", "'\\''") + "'"


def possible() -> bool:
    """Whether mounts, overlays and namespaces can be made here: root can, but in some containers not even root."""
    with tempfile.TemporaryDirectory() as folder:
        where = f"upperdir={folder}/upper,workdir={folder}/work"
        script = f"mount -t tmpfs tmpfs {folder} && mkdir {folder}/upper {folder}/work && "
        script += f"mount -t overlay overlay -o lowerdir=/,{where} {folder}/upper"
        done = subprocess.run(["unshare", "--net", "--mount", "sh", "-c", script], capture_output=True)
    return done.returncode == 0
