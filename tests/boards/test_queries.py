"""Every SQL query of the boards, run by Grafana's own user on a MariaDB with a few rows."""

from __future__ import annotations

import subprocess
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from cameras.models import Camera, DeadLetter, Event, Image, Purge, Visit
from cameras.services import node_for
from detections.models import Detection
from plates.models import Plate, PlateList, Sighting
from plates.models.sighting import SightingStatus
from rollups import services as rollups
from tests.boards.grafana import BOARDS, GRAFANA, Range, file, targets
from tests.factories import make_camera, make_image
from tests.servers import PATH
from tests.sites import ON_MARIADB, mariadb

pytestmark = pytest.mark.skipif(not ON_MARIADB, reason="the boards read MariaDB; the run on it has one")
TEN, ELEVEN = datetime(2026, 11, 3, 10, tzinfo=UTC), datetime(2026, 11, 3, 11, tzinfo=UTC)
T10, T11 = int(TEN.timestamp()), int(ELEVEN.timestamp())
PASSWORD = uuid.uuid4().hex


def at(minutes: int) -> datetime:
    return TEN + timedelta(minutes=minutes)


def picture(camera: Camera, when: datetime, *labels: str) -> Image:
    visit = Visit.objects.create(camera=camera, started_at=when, ended_at=when, closed_at=when)
    image = make_image(camera, when, visit=visit)
    for label in labels:
        shadow = label.endswith("*")
        facts = {"label": label.rstrip("*"), "confidence": 0.9, "x1": 1, "y1": 1, "x2": 9, "y2": 9, "shadowed": shadow}
        Detection.objects.create(image=image, **facts)
    return image


def vehicle(image: Image, plate: Plate | None, text: str, status: SightingStatus) -> None:
    assert image.visit
    Sighting.objects.create(
        visit=image.visit, plate=plate, text=text, status=status, label="car", confidence=0.8, best_image=image,
        at=image.received_at,
    )  # fmt: skip


def event(node: str, minutes: int, kind: str, number: float | None = None, unit: str = "") -> None:
    Event.objects.create(
        message_id=uuid.uuid4(), node=node_for(node), kind=kind, number=number, unit=unit, text=kind, at=at(minutes)
    )


@pytest.fixture
def site(transactional_db: None, data_dir: Path) -> None:
    """A few rows of everything that the boards show, and some of a month before."""
    gate, yard = make_camera("gate", "Driveway"), make_camera("yard", "Barn")
    known = Plate.objects.create(text="AAA111", list=PlateList.KNOWN)
    new = Plate.objects.create(text="BBB222")
    first = picture(gate, at(10), "car", "truck*")
    later = picture(gate, at(70), "dog", "car")
    other = picture(yard, at(30), "person", "person")
    picture(gate, at(10) - timedelta(days=30), "horse")
    vehicle(first, known, "AAA111", SightingStatus.MATCHED)
    vehicle(later, known, "AAA111", SightingStatus.MATCHED)
    vehicle(later, new, "BBB222", SightingStatus.NEW)
    vehicle(other, None, "XX1", SightingStatus.UNKNOWN)
    for node, minutes, number, unit in (("gate", 0, 50, "F"), ("gate", 30, 59, "F"), ("yard", 5, 20, "C")):
        event(node, minutes, "Temp", number, unit)
    event("gate", 0, "Humidity", 40, "%")
    event("gate", 30, "Humidity", 48.4, "%")
    event("gate", 10, "motion")
    event("gate", -60 * 24 * 30, "Temp", -40, "F")
    DeadLetter.objects.create(task="plates.read_plates", subject="7", reason="it hung", attempts=3)
    DeadLetter.objects.update(failed_at=at(20))
    Purge.objects.create(why="older than 30 days", images=12, bytes=3000, events=4, visits=5)
    Purge.objects.update(at=at(40))
    rollups.begin_anew()
    assert not rollups.count()


@pytest.fixture
def grafana(site: None, tmp_path: Path) -> Iterator[Any]:
    """A connection as Grafana makes it, by the user that the script makes for it."""
    import MySQLdb  # type: ignore[import-untyped]

    server, database = mariadb("tests"), connection.settings_dict["NAME"]
    (tmp_path / "password").write_text(PASSWORD)
    command = ["sh", str(file("make_user.sh")), database, str(tmp_path / "password"), "--no-defaults"]
    for _ in range(2):  # it can be run again
        subprocess.run([*command, f"--socket={server.socket}", "--user=root"], check=True, env={"PATH": PATH})
    with MySQLdb.connect(
        host="127.0.0.1", port=server.port, user="grafana", password=PASSWORD, database=database, charset="utf8mb4"
    ) as found:
        found.cursor().execute("SET time_zone = '+00:00'")
        yield found


def rows(grafana: Any, query: str, **variables: str) -> list[tuple[Any, ...]]:
    cursor = grafana.cursor()
    known = {name: ",".join(f"'{one[-1]}'" for one in choices(cursor, name)) for name in ("camera", "label")}
    cursor.execute(Range(TEN, TEN + timedelta(days=1), "1h", {"degrees": "C"} | known | variables).sql(query))
    return sorted((plain(row) for row in cursor.fetchall()), key=str)


def choices(cursor: Any, name: str) -> list[tuple[Any, ...]]:
    """What a variable of the board offers; all of it is chosen."""
    [asked] = [one for one in BOARDS["librarian"]["templating"]["list"] if one["name"] == name]
    cursor.execute(asked["query"])
    return list(cursor.fetchall())


def plain(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(round(float(one), 3) if isinstance(one, float | Decimal) else one for one in row)


def expected() -> dict[str, list[tuple[Any, ...]]]:
    first, later, other = (Image.objects.get(received_at=at(minutes)).pk for minutes in (10, 70, 30))
    assert first
    unknown = [
        (naive(30), "yard Barn", "XX1", "unknown", "car", 0.8, other),
        (naive(70), "gate Driveway", "BBB222", "new", "car", 0.8, later),
    ]
    return {
        "Pictures": [(3,)],
        "Visits": [(3,)],
        "Vehicles": [(4,)],
        "Events": [(6,)],
        "Objects by label": [(T10, "car", 1), (T10, "person", 2), (T11, "car", 1), (T11, "dog", 1)],
        "Objects by label, all together": [("car", 2), ("dog", 1), ("person", 2)],
        "Pictures by camera": [(T10, "gate Driveway", 1), (T10, "yard Barn", 1), (T11, "gate Driveway", 1)],
        "Events by kind": [(T10, "Humidity", 2), (T10, "Temp", 3), (T10, "motion", 1)],
        "Temperature (°$degrees)": [(T10, "gate", 12.5), (T10, "yard", 20)],
        "Temperature now (°$degrees)": [("gate", 15), ("yard", 20)],
        "Humidity": [(T10, "gate", 44.2)],
        "Humidity now": [("gate", 48.4)],
        "How often each plate came": [("AAA111", 2), ("BBB222", 1)],
        "Vehicles by what is known of them": [(T10, 1, 0, 0, 0, 1), (T11, 1, 0, 0, 1, 0)],
        "Unknown plates": unknown,
        "Set aside": [(naive(20), "plates.read_plates", "7", "it hung", 3)],
        "What retention did": [(naive(40), "older than 30 days", 12, 3000, 4, 5, 0, "")],
    }


def naive(minutes: int) -> datetime:
    return at(minutes).replace(tzinfo=None)


def test_every_query_gives_the_rows_that_it_should(grafana: Any) -> None:
    found = {title: rows(grafana, query) for _, title, query in targets("mysql")}
    assert found == {title: sorted(map(plain, those), key=str) for title, those in expected().items()}


def test_temperatures_come_in_the_degrees_that_were_chosen(grafana: Any) -> None:
    queries = {title: query for _, title, query in targets("mysql")}
    assert rows(grafana, queries["Temperature (°$degrees)"], degrees="F") == [(T10, "gate", 54.5), (T10, "yard", 68)]


def test_one_camera_and_one_label_can_be_chosen(grafana: Any) -> None:
    queries = {title: query for _, title, query in targets("mysql")}
    yard = str(Camera.objects.get(view="Barn").pk)
    assert rows(grafana, queries["Pictures"], camera=f"'{yard}'") == [(1,)]
    assert rows(grafana, queries["Objects by label"], label="'dog'") == [(T11, "dog", 1)]
    assert [row[2] for row in rows(grafana, queries["Unknown plates"], camera=f"'{yard}'")] == ["XX1"]


def test_its_user_reads_nothing_of_people_and_changes_nothing(grafana: Any) -> None:
    from MySQLdb import Error

    for statement in ("SELECT * FROM accounts_user", "SELECT * FROM qsessions_session", "DELETE FROM cameras_purge"):
        with pytest.raises(Error, match="denied"):
            grafana.cursor().execute(statement)


def test_the_script_refuses_a_password_that_sql_would_not_take_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("it's")
    command = ["sh", str(GRAFANA / "make_user.sh"), "librarian", str(tmp_path / "password")]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 2 and "letters and digits" in done.stderr
