"""Retention, backup and restore at a million pictures: `python -m benchmarks.operations`.

On a copy of the databases of `benchmarks.web`, which are kept in its folder. A purge as people start it removes the
oldest weeks of a year with their files, about a million rows, while the gallery is asked for all the time; then a site
of some thousand pictures of the usual size is backed up and restored.
"""

from __future__ import annotations

import argparse
import itertools
import os
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.figures import Bound, finish
from benchmarks.operations_site import copied, hashes, make_site, write
from benchmarks.web_database import FULL, turn_to
from tests.harness import ROOT
from tests.mariadb import MariaDB

if TYPE_CHECKING:  # it imports models, for which Django has to be set up
    from benchmarks.web_pages import Page

BOUNDS = {
    "purge_rows_per_second": Bound(at_least=2000),
    "purge_page_ratio": Bound(at_most=2),
    "restore_lost": Bound(at_most=0),
    "backup_mb_per_second": Bound(at_least=50),
}
PURGED_DAYS = 56
ROUNDS = 25
BETWEEN_SECONDS = 0.05
"""Between two pages: somebody who leafs quickly."""
SITE_PICTURES = 10_000
SITE, BACK = "operations_site", "operations_back"


def main() -> None:
    """Measure, and print the figures."""
    parser = argparse.ArgumentParser(prog="benchmarks.operations", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--only", choices=["purge", "backup"], help="this part alone, without the verdict")
    parser.add_argument("--days", type=int, default=PURGED_DAYS, help="so many of the oldest are purged")
    parser.add_argument("--kept", type=Path, default=ROOT / "build" / "web-benchmark", help="the web's databases")
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "operations", help="emptied before and after")
    asked = parser.parse_args()
    figures: dict[str, float] = {}
    with copied(asked.kept.resolve(), asked.folder.resolve()) as started:
        if asked.only != "purge":
            figures |= backup_and_restore(started, asked.folder.resolve())
        if asked.only != "backup":
            figures |= purge(started, asked.folder.resolve() / "files", asked.days)
    if asked.only:
        print(figures)
        return
    finish("operations", figures, BOUNDS)


def purge(started: MariaDB, data_dir: Path, purged: int) -> dict[str, float]:
    """The figures of a purge beside which the gallery is read."""
    from django.core.management import call_command

    from ingest.backup.dumping import counts

    turn_to(FULL)
    call_command("migrate", verbosity=0)
    days = due_days(purged)
    due = make_due_files(days, data_dir)
    pages = asked_gallery()
    before = ask(pages, ROUNDS)
    rows = counts()
    environment = os.environ | {"RETENTION_DAYS": str(days), "DATABASE_URL": started.url(FULL)}
    command, begun = [sys.executable, "manage.py", "purge", "--yes"], time.monotonic()
    with (data_dir / "purge.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        beside = ask(pages, 10**6, process)
        seconds = time.monotonic() - begun
    if process.returncode:
        raise SystemExit((data_dir / "purge.log").read_text()[-2000:])
    gone = sum(max(rows[table] - now, 0) for table, now in counts().items())
    left = [path for path in due if (data_dir / path).exists()]
    if left or len(list((data_dir / "images").glob("*/*"))) != YOUNG:
        raise SystemExit(f"{len(left)} files are left, or others went")
    print(
        f"  {gone:,} rows and {2 * len(due):,} files in {seconds:.0f} s; gallery p95 ms: "
        f"{p95(before):.1f} before, {p95(beside):.1f} beside it ({len(beside)} pages)",
        flush=True,
    )
    return {"purge_rows_per_second": gone / seconds, "purge_page_ratio": p95(beside) / p95(before)}


YOUNG = 1000
"""Files of pictures that are not due, which must still be there at the end."""


def due_days(purged: int) -> int:
    """RETENTION_DAYS by which so many of the oldest days go."""
    from django.utils import timezone

    from cameras.models import Image

    oldest = Image.objects.order_by("received_at").values_list("received_at", flat=True)[0]
    return (timezone.now() - oldest).days - purged


def make_due_files(days: int, data_dir: Path) -> list[str]:
    """Files for all pictures that have to go, and for some others; the paths of the former."""
    from django.utils import timezone

    from cameras.models import Image

    images = Image.objects.order_by("pk")
    limit = timezone.now() - timedelta(days=days)
    due = list(images.filter(keep=False, received_at__lt=limit).values_list("path", flat=True))
    young = images.filter(received_at__gt=limit + timedelta(days=1)).values_list("path", flat=True)[:YOUNG]
    print(f"writing {len(due):,} files and thumbnails", flush=True)
    write(data_dir, ((path, 8000) for path in (*due, *young)), thumbnail=2000)
    return due


def asked_gallery() -> list[Page]:
    """The gallery's addresses with every filter, for staff."""
    from benchmarks.web_others import STAFF
    from benchmarks.web_pages import pages

    return [page for page in pages("/gallery/") if page.who == STAFF]


def ask(pages: list[Page], rounds: int, beside: subprocess.Popen[bytes] | None = None) -> list[float]:
    """Milliseconds of each answer of the gallery, after two rounds to get warm, or while a process runs."""
    from django.conf import settings
    from django.test.utils import override_settings

    from benchmarks.web_timing import WARM, answered, signed_in

    plain = {**settings.STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    found: list[float] = []
    with override_settings(STORAGES=plain, STATIC_ROOT=None, ALLOWED_HOSTS=["*"]):
        for number, page in itertools.product(range(rounds + WARM), pages):
            if beside and beside.poll() is not None:
                break
            begun = time.perf_counter()
            answered(signed_in(FULL, page), page)
            if beside or number >= WARM:
                found.append((time.perf_counter() - begun) * 1000)
            time.sleep(BETWEEN_SECONDS)
    return found


def p95(times: list[float]) -> float:
    """What all but one of twenty stayed below."""
    return sorted(times)[int(len(times) * 0.95)]


def backup_and_restore(started: MariaDB, folder: Path) -> dict[str, float]:
    """The figures of a backup and of what comes back of it."""
    from ingest.backup.dumping import counts

    site, back, place = folder / "site", folder / "back", folder / "backup"
    make_site(started, SITE, SITE_PICTURES, site)
    rows, files = counts(), hashes(site)
    os.sync()  # a backup ends with that, and would else wait for what was written for it
    seconds = timed("backup", place, started.url(SITE), site)
    size = sum(file.stat().st_size for file in site.rglob("*.jpg"))
    started.create(BACK)
    back.mkdir()
    restored = timed("restore", place, started.url(BACK), back)
    turn_to(BACK, anew=True)
    there, again = hashes(back), counts()
    lost = sum(there.get(path) != digest for path, digest in files.items())
    lost += sum(abs(again.get(table, 0) - count) for table, count in rows.items())
    what = f"{sum(rows.values()):,} rows and {len(files):,} files of {size / 1e6:,.0f} MB"
    print(f"  {what}: backed up in {seconds:.1f} s, restored in {restored:.1f} s", flush=True)
    return {"restore_lost": float(lost), "backup_mb_per_second": size / 1e6 / seconds}


def timed(command: str, place: Path, url: str, data_dir: Path) -> float:
    """Seconds that a command takes, from its start to its end. Raises `SystemExit` where it fails."""
    environment = os.environ | {"DATABASE_URL": url, "DATA_DIR": str(data_dir)}
    begun = time.monotonic()
    done = subprocess.run([sys.executable, "manage.py", command, place], cwd=ROOT, env=environment, capture_output=True)
    seconds = time.monotonic() - begun
    if done.returncode:
        raise SystemExit(f"{command} failed: {done.stdout.decode()[-2000:]} {done.stderr.decode()[-2000:]}")
    return seconds


if __name__ == "__main__":
    main()
