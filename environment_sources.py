"""Where the text of a variable is found: the process environment, files that it names, `.env`, and what `up` chose."""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from dotenv import dotenv_values

import environment_readers as readers

T = TypeVar("T")
U = TypeVar("U")
SECRETS = (
    "SECRET_KEY",
    "REDIS_URL",
    "DATABASE_URL",
    "EMAIL_URL",
    "PLATE_RECOGNIZER_TOKEN",
    "METRICS_TOKEN",
    "SENTRY_DSN",
)
"""Never shown; each may also be the content of a file, which the variable with `_FILE` after its name names."""
IN_FILE = "_FILE"


class EnvironmentProblem(Exception):
    """A variable holds something unusable; the message is one line for the person who set it."""


def chosen_file(data_dir: Path) -> Path:
    """Where `up` writes what it chose, in the format of `.env`."""
    return data_dir / "run" / "chosen.env"


def layers(environ: Mapping[str, str], env_file: Path, known: Sequence[str]) -> Callable[[str], str]:
    """A function that gives the text of a variable, empty where nobody set it.

    Raises `EnvironmentProblem` for a file that cannot be read and for names in it that look like mistakes.
    """
    written = _written(env_file, known)
    data_dir = readers.path(environ.get("DATA_DIR") or written.get("DATA_DIR") or str(readers.BASE_DIR / "data"))
    chosen = {name: value or "" for name, value in dotenv_values(chosen_file(data_dir)).items()}

    def set_by_hand(name: str) -> str:
        # A variable set to nothing in the process environment hides the one in .env.
        return (environ[name] if name in environ else written.get(name, "")).strip()

    def raw(name: str) -> str:
        value = set_by_hand(name)
        if name in SECRETS and (file := set_by_hand(name + IN_FILE)):
            if value:
                raise EnvironmentProblem(f"Both {name} and {name}{IN_FILE} are set: leave one of them out.")
            value = _content(name + IN_FILE, readers.path(file))
        return value or chosen.get(name, "")

    return raw


def _written(env_file: Path, known: Sequence[str]) -> dict[str, str]:
    try:
        written = {name: value or "" for name, value in dotenv_values(env_file).items()} if env_file.exists() else {}
    except ValueError:
        raise EnvironmentProblem(f"{env_file} is not a text file in UTF-8.") from None
    names = [*known, *(name + IN_FILE for name in SECRETS)]
    for name in written:
        close = difflib.get_close_matches(name, names, 1, cutoff=0.85)
        if name not in names and close:
            raise EnvironmentProblem(f"{env_file.name} sets {name}, which nothing reads: did you mean {close[0]}?")
    return written


def _content(name: str, file: Path) -> str:
    try:
        content = file.read_text().strip()
    except (OSError, ValueError) as problem:
        raise EnvironmentProblem(f"{name}={str(file)!r} cannot be read: {problem}.") from None
    if not content:
        raise EnvironmentProblem(f"{name}={str(file)!r}: the file is empty.")
    return content


def is_set(name: str) -> bool:
    """Whether a person set `name` or a file for it, in the environment or in `.env`; what `up` chose does not count."""
    written = dotenv_values(readers.BASE_DIR / ".env")
    names = (name, name + IN_FILE) if name in SECRETS else (name,)
    return any(os.environ[one].strip() if one in os.environ else (written.get(one) or "").strip() for one in names)


class Variables:
    """The variables, each with its own reader."""

    def __init__(self, raw: Callable[[str], str]) -> None:
        self.raw = raw

    def get(self, name: str, read: Callable[[str], T], default: str | Callable[[], str]) -> T:
        """A variable, or its default where it is not set, as its reader gives it."""
        value = self.raw(name) or (default if isinstance(default, str) else default())
        try:
            return read(value)
        except ValueError as problem:
            shown = "(hidden)" if name in SECRETS else repr(value)
            raise EnvironmentProblem(f"{name}={shown} cannot be used: it wants {problem}.") from None

    def optional(self, name: str, read: Callable[[str], T], unset: U) -> T | U:
        """A variable as its reader gives it, or what stands for one that is not set."""
        return self.get(name, read, "") if self.raw(name) else unset
