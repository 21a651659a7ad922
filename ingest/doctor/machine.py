"""This computer: packages, settings, the data folder, its disk, the clock."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from urllib.parse import urlsplit

import environment
from environment import BASE_DIR
from ingest.doctor.findings import Finding, doubtful, good, wrong

PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;]+)")
OPTIONAL = {"mysqlclient"}
"""Not installed where the database is SQLite."""
LEAST_FREE, FEW_FREE = 1 * 2**30, 5 * 2**30
"""Bytes: below the first pictures are about to be refused, below the second it is time to look."""
LEAST_FREE_ENTRIES = 0.02
OTHERS = 0o077


def packages() -> Iterator[Finding]:
    """Whether what is installed is what was tested."""
    found = map(PIN.match, _lines("requirements.txt"))
    pinned = {match[1]: match[2] for match in found if match}
    other = []
    for name, version in pinned.items():
        try:
            installed = metadata.version(name)
        except metadata.PackageNotFoundError:
            if name not in OPTIONAL:
                other.append(f"{name} is missing")
            continue
        if installed != version:
            other.append(f"{name} {installed} instead of {version}")
    about = f"Python {platform.python_version()}, {platform.machine()}"
    if other:
        yield doubtful(f"{about}; other packages than were tested: {', '.join(other)}", "make setup")
    else:
        yield good(f"{about}, {len(pinned)} packages as tested")


def _lines(name: str) -> list[str]:
    return (BASE_DIR / name).read_text(encoding="utf-8").splitlines()


def settings() -> Iterator[Finding]:
    """Whether settings that can be read are also wise."""
    env = environment.current()
    if env.debug:
        yield wrong("DEBUG is on: whoever sees an error sees settings and code", "Set DEBUG=false.")
    written = BASE_DIR / ".env"
    if written.exists() and written.stat().st_mode & OTHERS:
        yield doubtful(f"{written} can be read by other users of this computer", f"chmod 600 {written}")
    host, _ = env.web_address
    if host not in {"127.0.0.1", "::1"} and not env.https:
        mend = "On a network of your own that is fine; else put a proxy with TLS in front (docs/security.md)."
        yield doubtful("pages go over the network by http, so that passwords can be listened to", mend)
    if env.sentry_dsn:
        yield good(f"errors are reported to {urlsplit(env.sentry_dsn).hostname}")
    kept = f"removed after {env.retention_days} days" if env.retention_days else "never removed"
    yield good(f"settings can be used; time zone {env.time_zone}, pictures are {kept}")


def data_folder() -> Iterator[Finding]:
    """Whether it can be written, and by whom it can be read."""
    env = environment.current()
    folders = [env.data_dir, env.images_dir, env.thumbnails_dir, env.outbox_dir, env.run_dir, env.logs_dir]
    missing = [folder for folder in folders if not folder.is_dir()]
    if missing:
        yield wrong(
            f"{missing[0]} is not there", "make run, or manage.py prepare, makes it; is DATA_DIR the right one?"
        )
        return
    for folder in folders:
        if not os.access(folder, os.W_OK | os.X_OK):
            yield wrong(f"{folder} cannot be written by user {os.getuid()}", f"chown -R {os.getuid()} {env.data_dir}")
    mode = env.data_dir.stat().st_mode
    if mode & 0o007:
        yield doubtful(f"{env.data_dir} can be read by every user of this computer", f"chmod 750 {env.data_dir}")
    yield good(f"DATA_DIR is {env.data_dir}")


def disk() -> Iterator[Finding]:
    """What is free, in bytes and in entries."""
    env = environment.current()
    for folder in _disks([env.data_dir, env.images_dir, env.outbox_dir]):
        usage, entries = shutil.disk_usage(folder), os.statvfs(folder)
        text = f"{usage.free / 2**30:.1f} of {usage.total / 2**30:.1f} GiB free where {folder} is"
        mend = "Set RETENTION_DAYS, move DATA_DIR to a larger disk, or remove what is not librarian's."
        if usage.free < LEAST_FREE:
            yield wrong(f"{text}: pictures are about to be refused", mend)
        elif usage.free < FEW_FREE:
            yield doubtful(text, mend)
        else:
            yield good(text)
        if entries.f_files and entries.f_ffree < entries.f_files * LEAST_FREE_ENTRIES:
            yield wrong(f"{entries.f_ffree:,} files more fit on the disk of {folder}", "Make it anew with more inodes.")


def _disks(folders: list[Path]) -> list[Path]:
    """One folder for each disk."""
    return list({folder.stat().st_dev: folder for folder in reversed(folders) if folder.is_dir()}.values())


def clock() -> Iterator[Finding]:
    """Whether this computer's clock is set by others; pictures carry its time."""
    program = shutil.which("timedatectl")
    if program is None:
        yield doubtful("whether the clock is synchronised cannot be told here (no timedatectl)", "Look at its host.")
        return
    shown = subprocess.run(
        [program, "show", "--property=NTPSynchronized", "--value"],
        capture_output=True,
        text=True,
        timeout=5,
        check=False,
    )
    if shown.returncode:
        yield doubtful("whether the clock is synchronised cannot be told here (no systemd)", "Look at its host.")
    elif shown.stdout.strip() == "yes":
        yield good("the clock is synchronised")
    else:
        mend = "apt-get install systemd-timesyncd, or chrony."
        yield doubtful("the clock is not synchronised: pictures get wrong times", mend)
