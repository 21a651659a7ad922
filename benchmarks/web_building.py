"""Building the two databases where they are not there yet, or are of another day or schema: pages ask for today."""

from __future__ import annotations

import json
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from benchmarks.web_database import SIZES, turn_to
from tests.mariadb import MariaDB


def build(started: MariaDB, folder: Path) -> None:
    """Build what is not there, and anew what does not fit. What was left half done is begun anew."""
    wanted = {"day": str(date.today()), "migrations": sorted(map(".".join, known_migrations()))}
    for name, pictures in SIZES.items():
        mark = folder / f"{name}.built"
        why = outdated(mark, wanted)
        if not why:
            continue
        print(f"building {pictures:,} pictures, which takes minutes: {why}", flush=True)
        mark.unlink(missing_ok=True)
        begun = time.monotonic()
        started.sql(f"DROP DATABASE `{name}`")
        started.create(name)
        turn_to(name, anew=True)
        build_one(pictures)
        mark.write_text(json.dumps(wanted, indent=1))
        print(f"  {time.monotonic() - begun:.0f} s", flush=True)


def known_migrations() -> set[tuple[str, str]]:
    """The apps and names of all migrations that the code has."""
    from django.db.migrations.loader import MigrationLoader

    return set(MigrationLoader(None).disk_migrations)


def outdated(mark: Path, wanted: dict[str, Any]) -> str:
    """Why a kept database has to be built anew; empty where it fits."""
    if not mark.exists():
        return "there is none"
    try:
        built = json.loads(mark.read_text())
    except ValueError:
        built = {}
    if not isinstance(built, dict) or "migrations" not in built:
        return "it does not say which migrations it has"
    if built.get("day") != wanted["day"]:
        return f"it is of {built.get('day')}"
    changed = sorted({*built["migrations"]} ^ {*wanted["migrations"]})
    return f"migrations changed: {', '.join(changed)}" if changed else ""


def build_one(pictures: int) -> None:
    """Fill the database that is turned to."""
    from django.core.management import call_command

    from benchmarks import web_others
    from benchmarks.web_rows import fill
    from benchmarks.web_sql import analyse

    call_command("migrate", verbosity=0)
    web_others.before()
    fill(pictures, lambda what: print(what, flush=True))
    web_others.after()
    print("  counts", flush=True)
    count()
    analyse()


def count() -> None:
    """Keep the counts of everything, as beat does day by day."""
    from django.conf import settings
    from django.utils import timezone

    from benchmarks.web_rows import DAYS
    from rollups.models import Ledger
    from rollups.spans import Span, hours_of
    from rollups.writing import write_day, write_hours

    days = [timezone.localdate() - timedelta(days=number) for number in reversed(range(DAYS + 1))]
    for first in range(0, len(days), 30):
        month = days[first : first + 30]
        write_hours(Span(hours_of(month[0]).first, hours_of(month[-1]).last))
        for day in month:
            write_day(day)
    Ledger.objects.update_or_create(pk=1, defaults={"zone": settings.TIME_ZONE, "finished_at": timezone.now()})
