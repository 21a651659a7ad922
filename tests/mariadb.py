"""A private MariaDB for tests."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import tempfile
from pathlib import Path
from urllib.parse import quote

from ingest.up.broker import free_port
from tests.servers import Server, bound_to_us, run

USER, PASSWORD = "librarian", "pass/wo:rd@%23"  # every character that an address has to quote
LEAST_PRIVILEGES = "SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX, REFERENCES"
"""What docs/databases.md tells a person to grant; all that a test does has to work with it."""
SMALL = ("--innodb-log-file-size=16M", "--innodb-buffer-pool-size=64M", "--skip-name-resolve")


class MariaDB(Server):
    """A MariaDB on data, socket and port of its own, as a user without rights; `--no-defaults` hides every my.cnf.

    In a `folder` that is named it goes on with the data that it left there.
    """

    def __init__(self, *options: str, time_zones: bool = True, folder: Path | None = None) -> None:
        # Not below pytest's folders, which root alone may enter.
        super().__init__(folder or Path(tempfile.mkdtemp(prefix="librarian-mariadb-")))
        self.options = options
        self.port = free_port()
        self.socket = self.folder / "socket"
        if os.geteuid() == 0:
            shutil.chown(self.folder, unprivileged())
        if (self.folder / "data" / "mysql").exists():
            self.start()
        else:
            self.found(time_zones)

    def found(self, time_zones: bool) -> None:
        """Make its data, and its user."""
        self.install()
        self.start()
        self.sql(f"CREATE USER {USER}@'%' IDENTIFIED BY '{PASSWORD}'")
        # Django makes a database of its own for the tests of one process.
        self.sql(f"GRANT {LEAST_PRIVILEGES} ON `test\\_%`.* TO {USER}@'%'")
        if time_zones:
            self.load_time_zones()

    def install(self) -> None:
        """Make an empty data folder."""
        how = ("--auth-root-authentication-method=normal", "--skip-test-db", *SMALL)
        command = ["mariadb-install-db", "--no-defaults", f"--datadir={self.folder / 'data'}", *how]
        run([*unprivileged_prefix(), *command], self.folder)

    def load_time_zones(self) -> None:
        """Fill the tables of time zones, which are empty after an installation."""
        tables = run(["mariadb-tzinfo-to-sql", "/usr/share/zoneinfo"], self.folder)
        self.sql(tables, "mysql")

    def command(self) -> list[str]:
        """The server."""
        where = (f"--datadir={self.folder / 'data'}", f"--socket={self.socket}", f"--port={self.port}")
        # A server removes what it takes for its own leftovers from the folder that all of them would share.
        how = (f"--tmpdir={self.folder}", "--bind-address=127.0.0.1", "--character-set-server=utf8mb4")
        return [*unprivileged_prefix(), "mariadbd", "--no-defaults", *where, *how, *SMALL, *self.options]

    def answers(self) -> bool:
        """Whether it takes statements."""
        try:
            return self.sql("SELECT 1") == "1\n"
        except AssertionError:
            return False

    def sql(self, statement: str, database: str = "") -> str:
        """What statements answer, run as the server's administrator."""
        client = [
            "mariadb",
            "--no-defaults",
            f"--socket={self.socket}",
            "--user=root",
            "--batch",
            "--skip-column-names",
        ]
        return run([*client, *([database] if database else [])], self.folder, statement)

    def create(self, name: str, charset: str = "utf8mb4") -> str:
        """The DATABASE_URL of a database of that name, made when it is not there; its user has the least privileges."""
        self.sql(f"CREATE DATABASE IF NOT EXISTS `{name}` CHARACTER SET {charset}")
        pattern = name.replace("_", "\\_")
        self.sql(f"GRANT {LEAST_PRIVILEGES} ON `{pattern}`.* TO {USER}@'%'")
        return self.url(name)

    def url(self, name: str, user: str = USER, password: str = PASSWORD) -> str:
        """A DATABASE_URL on this server."""
        return f"mysql://{user}:{quote(password, safe='')}@127.0.0.1:{self.port}/{name}"

    def remove(self) -> None:
        """Stop it and remove its data."""
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


def unprivileged() -> str:
    """The user that servers run as when root runs the tests."""
    with contextlib.suppress(KeyError):
        return pwd.getpwnam("mysql").pw_name
    return "nobody"


def unprivileged_prefix() -> list[str]:
    """How to run a command as that user."""
    if os.geteuid():
        return bound_to_us()
    user = pwd.getpwnam(unprivileged())
    return [*bound_to_us(), f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups", "--"]
