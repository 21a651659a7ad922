"""`python -m demo [--once] [--pictures DIR]`: everything started, sample traffic played, the findings printed.

The data folder is the demo's own (DEMO_DATA_DIR), with SQLite and the bundled broker, whatever the site's settings say.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from environment import BASE_DIR


def isolate() -> None:
    """Point this process, and with it those that it starts, away from the site's own data and servers."""
    os.environ["DATA_DIR"] = str(BASE_DIR / (os.environ.get("DEMO_DATA_DIR") or "demo-data"))
    os.environ |= {"DATABASE_URL": "", "REDIS_URL": "", "DJANGO_SETTINGS_MODULE": "librarian_project.settings"}


def main() -> None:
    """Run the demo; exit status 1 when not everything that the fixture expects was found."""
    parser = argparse.ArgumentParser(prog="demo", description="Shows librarian at work on sample pictures.")
    parser.add_argument("--once", action="store_true", help="end after the summary instead of staying up")
    parser.add_argument(
        "--pictures", type=Path, default=BASE_DIR / "demo" / "pictures", help="folder with expected.json"
    )
    options = parser.parse_args()
    isolate()
    import django

    django.setup()
    from demo.show import show

    raise SystemExit(show(options.pictures, options.once))


if __name__ == "__main__":
    main()
