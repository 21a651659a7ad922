"""Loaded before anything of ours: the tests never touch the site's own data, settings or servers."""

import os
from pathlib import Path

from tests import sites

ROOT = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("TEST_DATA_DIR") or ROOT / "build" / "test-data")

os.environ |= {
    "DATA_DIR": str(DATA_DIR),
    "DATABASE_URL": sites.mariadb("tests").create("librarian") if sites.ON_MARIADB else "",
    "REDIS_URL": "",
    "TIME_ZONE": "Europe/Berlin",
}
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "librarian_project.settings")
DATA_DIR.mkdir(parents=True, exist_ok=True)
