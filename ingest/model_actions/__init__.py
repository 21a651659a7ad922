"""What `manage.py models` can do; one module an action, of this form."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any, Protocol

from rich.console import Console

from environment import Environment


class Action(Protocol):
    """A module of this package."""

    HELP: str

    def arguments(self, parser: ArgumentParser) -> None:
        """Accept what the action takes."""
        ...

    def run(self, env: Environment, options: dict[str, Any], console: Console) -> None:
        """Do it; raises `ModelProblem` or `OSError`."""
        ...
