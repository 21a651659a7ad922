"""The page of a camera's zones, as far as the server makes it; tests/e2e draws them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from accounts.models import User
from cameras.merging import begin_merge, finish_merges
from cameras.models import Camera, Zone
from tests.web.making import make_camera, make_image, text_of

SQUARE = [[0.25, 0.5], [0.75, 0.5], [0.75, 1], [0.25, 1]]


@pytest.fixture
def editor(log_in: Callable[..., Client], camera: Camera) -> Client:
    """A client whose user may change cameras."""
    client = log_in("ed")
    permission = Permission.objects.get(codename="change_camera", content_type__app_label="cameras")
    User.objects.get(username="ed").user_permissions.add(permission)
    return client


def form(*rows: Mapping[str, object], initial: int = 0) -> dict[str, object]:
    """What the page sends for these rows, of which the first are there already."""
    data: dict[str, object] = {"zones-TOTAL_FORMS": len(rows), "zones-INITIAL_FORMS": initial}
    for number, row in enumerate(rows):
        data |= {f"zones-{number}-{name}": value for name, value in row.items()}
    return data


def row(name: str = "Street", points: object = SQUARE, kind: str = "ignore", **more: object) -> dict[str, object]:
    return {"name": name, "kind": kind, "points": json.dumps(points)} | more


def address(camera: Camera) -> str:
    return reverse("web:camera_zones", args=[camera.pk])


def problems(page: str) -> list[str]:
    return re.findall(r'class="field-problem">([^<]+)', page)


def test_it_leads_from_the_camera_to_its_latest_picture(editor: Client, camera: Camera) -> None:
    make_image(camera)
    newest = make_image(camera)
    make_image(camera, width=0, height=0)
    assert f'href="{address(camera)}"' in text_of(editor, f"/cameras/{camera.pk}/")
    page = text_of(editor, address(camera))
    assert f"/images/{newest.pk}/file.jpg" in page and "No zone yet" in page


def test_a_camera_without_a_picture_says_what_to_do(editor: Client, camera: Camera) -> None:
    camera.zones.create(name="Street", points=SQUARE)
    page = text_of(editor, address(camera))
    assert "No picture to draw on yet" in page and "zones.js" not in page
    assert 'value="Street"' in page and "Remove" in page


def test_it_keeps_what_was_drawn_and_shows_it(editor: Client, camera: Camera, viewer: Client) -> None:
    make_image(camera)
    drawn = [[0.123456789, 0], [1, 0], [0.5, 1]]
    response = editor.post(address(camera), form(row(), row("Yard", drawn, "include")), follow=True)
    assert response.redirect_chain == [(address(camera), 302)]
    assert "The next picture is looked at in this way" in response.content.decode()
    assert list(Zone.objects.values_list("name", "kind", "points")) == [
        ("Street", "ignore", SQUARE),
        ("Yard", "include", [[0.1235, 0], [1, 0], [0.5, 1]]),
    ]
    page = text_of(editor, address(camera))
    assert 'class="zone-shape zone-ignore" points="160.0,240.0 480.0,240.0 480.0,480.0 160.0,480.0"' in page
    said = text_of(viewer, f"/cameras/{camera.pk}/")
    assert "Street: not here\nYard: only here" in said and "zones/" not in said


def test_zones_are_renamed_and_removed_without_a_script(editor: Client, camera: Camera) -> None:
    make_image(camera)
    street, yard = (camera.zones.create(name=name, points=SQUARE) for name in ("Street", "Yard"))
    rows = [row("Road", id=street.pk), row("Yard", id=yard.pk, DELETE="on")]
    editor.post(address(camera), form(*rows, initial=2))
    assert list(camera.zones.values_list("pk", "name", "kind")) == [(street.pk, "Road", "ignore")]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"points": ""}, "Draw this zone on the picture."),
        ({"points": "[]"}, "Draw this zone on the picture."),
        ({"points": "[[0, 0"}, "Draw this zone on the picture again."),
        ({"points": "[[0, 0], [1, 1]]"}, "A zone has 3 to 50 corners, not 2."),
        (
            {"points": "[[0, 0], [1, 2], [1, 0]]"},
            "The corners of a zone are pairs of numbers from 0 to 1, [[0.1, 0.5], …].",
        ),
        (
            {"points": '[[0, 0], ["a", 1], [1, 0]]'},
            "The corners of a zone are pairs of numbers from 0 to 1, [[0.1, 0.5], …].",
        ),
        ({"points": "[[0, 0], [0.5, 0.5], [1, 1]]"}, "The zone covers next to nothing."),
        ({"name": ""}, "This field is required."),
        ({"kind": "sometimes"}, "Select a valid choice."),
    ],
)
def test_it_says_what_is_wrong_and_keeps_what_was_drawn(
    editor: Client, camera: Camera, changes: dict[str, object], said: str
) -> None:
    make_image(camera)
    page = editor.post(address(camera), form(row() | changes, row("Yard"))).content.decode()
    assert [problem.startswith(said) for problem in problems(page)] == [True]
    assert page.count("[[0.25, 0.5], [0.75, 0.5]") == (1 if "points" in changes else 2)
    assert not Zone.objects.exists()


def test_two_zones_of_one_name_are_refused(editor: Client, camera: Camera) -> None:
    page = editor.post(address(camera), form(row(), row())).content.decode()
    assert "Two zones have the same name" in page and not Zone.objects.exists()


def test_it_takes_no_more_than_it_can_show(editor: Client, camera: Camera) -> None:
    page = editor.post(address(camera), form(*(row(f"Zone {number}") for number in range(21)))).content.decode()
    assert "at most 20 forms" in page and not Zone.objects.exists()


def test_a_zone_that_somebody_else_removed_is_told(editor: Client, camera: Camera) -> None:
    zone = camera.zones.create(name="Street", points=SQUARE)
    data = form(row(id=zone.pk), initial=1)
    zone.delete()
    page = editor.post(address(camera), data).content.decode()
    assert "Somebody else has removed this zone" in page


def test_nobody_changes_a_zone_of_another_camera(editor: Client, camera: Camera) -> None:
    foreign = make_camera("Garden", "Pool").zones.create(name="Pool", points=SQUARE)
    camera.zones.create(name="Street", points=SQUARE)
    editor.post(address(camera), form(row("Mine", id=foreign.pk), initial=1))
    foreign.refresh_from_db()
    assert foreign.name == "Pool"


def test_who_may_not_change_cameras_may_not_see_it(viewer: Client, editor: Client, camera: Camera) -> None:
    assert viewer.get(address(camera)).status_code == viewer.post(address(camera), form(row())).status_code == 403
    User.objects.filter(username="ed").update(only_chosen_cameras=True)
    assert editor.get(address(camera)).status_code == editor.post(address(camera), form(row())).status_code == 404
    assert not Zone.objects.exists()


def test_a_form_that_is_not_one_is_answered(editor: Client, camera: Camera) -> None:
    assert "missing or has been tampered" in editor.post(address(camera), {"x": "y"}).content.decode()


def test_the_administration_lists_zones_and_draws_them(admin_client: Client, camera: Camera) -> None:
    zone = camera.zones.create(name="Street", kind="ignore", points=SQUARE)
    page = reverse("admin:cameras_zone_change", args=[zone.pk])
    assert f'href="{address(camera)}"' in text_of(admin_client, page)
    make_image(camera)
    assert '<polygon points="160.0,240.0 480.0,240.0 480.0,480.0 160.0,480.0"/>' in text_of(admin_client, page)
    assert "Street" in text_of(admin_client, reverse("admin:cameras_zone_changelist"))
    assert "Street (not here)" in text_of(admin_client, reverse("admin:cameras_camera_change", args=[camera.pk]))
    admin_client.post(page, {"name": "Road", "kind": "include"})
    zone.refresh_from_db()
    assert (zone.name, zone.kind, zone.points) == ("Road", "include", SQUARE)


def test_zones_are_settings_and_go_with_a_camera_that_is_merged(camera: Camera) -> None:
    old = make_camera("Driveway", "Old")
    for one in (camera, old):
        one.zones.create(name="Street", points=SQUARE)
    begin_merge(old, camera)
    assert not finish_merges()
    assert list(Zone.objects.values_list("camera", flat=True)) == [camera.pk]
