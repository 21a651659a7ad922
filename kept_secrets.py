"""Secrets that are made here and kept under DATA_DIR, for their owner alone."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from environment_sources import EnvironmentProblem

if TYPE_CHECKING:
    from environment import Environment


def secret_key(env: Environment) -> str:
    """SECRET_KEY, or the key kept in `DATA_DIR/secret_key`, which the first caller makes."""
    return env.secret_key or kept_secret(env, "secret_key", 48)


def make_data_dir(path: Path) -> None:
    """Make the data folder, for its owner alone: it holds pictures and keys. An existing one stays as it is."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as problem:
        raise EnvironmentProblem(f"DATA_DIR={str(path)!r} cannot be written: {problem.strerror}.") from None


def flower_password(env: Environment) -> str:
    """The password of Flower's user `admin`, kept in `DATA_DIR/flower_password`, which the first caller makes."""
    return kept_secret(env, "flower_password", 15)


def metrics_token(env: Environment) -> str:
    """METRICS_TOKEN, or the token kept in `DATA_DIR/metrics_token`, which the first caller makes."""
    return env.metrics_token or kept_secret(env, "metrics_token", 24)


def channel_key(env: Environment) -> str:
    """The key of the addresses of channels (32 bytes in base64), kept in `DATA_DIR/channel_key`."""
    return kept_secret(env, "channel_key", 32) + "="  # base64 of 32 bytes has one character of padding


def kept_secret(env: Environment, name: str, length: int) -> str:
    """A random secret of so many bytes in a file of that name under DATA_DIR (mode 0600), made by the first caller."""
    path = env.data_dir / name
    if not path.exists():
        own = path.with_suffix(f".{os.getpid()}")
        make_data_dir(env.data_dir)
        try:
            own.touch(mode=0o600)
            own.write_text(secrets.token_urlsafe(length))
            # Linking fails where another process was faster, and then its secret stays.
            with contextlib.suppress(FileExistsError):
                os.link(own, path)
            own.unlink()
        except OSError as problem:
            raise EnvironmentProblem(f"DATA_DIR={str(env.data_dir)!r} cannot be written: {problem.strerror}.") from None
    return path.read_text().strip()
