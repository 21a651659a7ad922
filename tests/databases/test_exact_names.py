"""Names that differ by anything stay different, on every database."""

import unicodedata

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from cameras.fields import ExactCharField
from cameras.models import Camera, Event, Image, Node, Tombstone
from cameras.services import camera_for, node_for
from plates.models import Plate
from tests.factories import make_camera, make_image

pytestmark = pytest.mark.django_db

ALIKE = (
    "Gate",
    "gate",
    "gate ",
    "gâte",
    unicodedata.normalize("NFD", "gâte"),
    "GATE",
    "straße",
    "strasse",
    "📷",
    "📸",
    "gate\u200b",
)


def test_nodes_and_cameras_are_told_apart() -> None:
    cameras = {name: camera_for(name, "Driveway").pk for name in ALIKE}
    cameras |= {f"view {view}": camera_for("one", view).pk for view in ALIKE}
    assert len(set(cameras.values())) == 2 * len(ALIKE)
    assert {name: camera_for(name, "Driveway").pk for name in ALIKE}.items() <= cameras.items()
    assert sorted(Node.objects.exclude(name="one").values_list("name", flat=True)) == sorted(ALIKE)
    for name in ALIKE:
        assert Node.objects.get(name=name).name == name
        assert Camera.objects.get(node__name=name).node.name == name


def test_the_same_name_twice_is_refused() -> None:
    node_for("gate")
    with pytest.raises(IntegrityError), transaction.atomic():
        Node.objects.create(name="gate")


def test_names_sort_by_code_point() -> None:
    for name in ALIKE:
        node_for(name)
    assert list(Node.objects.values_list("name", flat=True)) == sorted(ALIKE)


def test_paths_are_told_apart() -> None:
    camera = make_camera()
    for name in ALIKE:
        Tombstone.objects.create(message_id=make_image(camera, path=f"images/{name}.jpg").message_id, path=name)
    for name in ALIKE:
        assert Image.objects.get(path=f"images/{name}.jpg").path == f"images/{name}.jpg"
        assert Tombstone.objects.get(path=name).path == name


def test_kinds_of_events_are_told_apart() -> None:
    node = node_for("gate")
    for number, kind in enumerate(ALIKE):
        Event.objects.create(message_id=f"{number:032x}", node=node, kind=kind, roi=kind, text="x", at=timezone.now())
    assert [Event.objects.filter(kind=kind, roi=kind).count() for kind in ALIKE] == [1] * len(ALIKE)


def test_a_search_still_ignores_case() -> None:
    node_for("Gate")
    Plate.objects.create(text="KV482BT")
    for lookup, text in (("iexact", "gATE"), ("icontains", "AT"), ("istartswith", "gA"), ("iendswith", "TE")):
        assert Node.objects.filter(**{f"name__{lookup}": text}).count() == 1, lookup
        assert not Node.objects.filter(**{f"name__{lookup}": text + "x"}).exists()
    assert Plate.objects.filter(text__icontains="482b").count() == 1


def test_every_such_column_is_binary_where_the_usual_collation_is_not() -> None:
    if connection.vendor != "mysql":
        pytest.skip("SQLite compares bytes")
    query = (
        "SELECT collation_name FROM information_schema.columns "
        "WHERE table_schema = database() AND table_name = %s AND column_name = %s"
    )
    fields = [
        (model._meta.db_table, field.column)
        for model in (Node, Camera, Image, Event, Tombstone, Plate)
        for field in model._meta.local_fields
        if isinstance(field, ExactCharField)
    ]
    assert len(fields) == 7
    with connection.cursor() as cursor:
        for table, column in fields:
            cursor.execute(query, (table, column))
            assert cursor.fetchone() == ("utf8mb4_nopad_bin",), (table, column)
