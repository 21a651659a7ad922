#!/usr/bin/env python3
"""Django's command line; `up`, `demo`, `status`, `inspect`, `models` and more are ours."""

import os
import sys


def main() -> None:
    """Run the command that the arguments name."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "librarian_project.settings")
    try:
        from django.core.management import execute_from_command_line
    except ImportError:
        print("librarian: Django is not installed here: run `make setup`, then use .venv/bin/python.", file=sys.stderr)
        raise SystemExit(2) from None
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
