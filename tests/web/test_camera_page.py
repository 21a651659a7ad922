"""The pages of a camera and of a node: counts, health, charts, and old addresses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from cameras.changes import note_images
from cameras.merging import begin_merge, finish_merges
from cameras.models import Camera, Image, Node, Zone
from rollups import services
from tests.web.making import make_camera, make_event, make_image, make_visit, text_of
from web.camera_counts import CameraCounts

NOW = datetime(2026, 7, 17, 9, 0, tzinfo=UTC)


@pytest.fixture
def noon(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """It is eleven in the morning in Berlin, where the site is."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    return NOW


def counts(client: Client, camera: Camera) -> CameraCounts:
    found: CameraCounts = client.get(f"/cameras/{camera.pk}/").context["counts"]
    return found


def test_it_counts_today_seven_days_and_all_by_the_persons_clock(
    viewer: Client, camera: Camera, noon: datetime
) -> None:
    # In Berlin the day began at 22:00 UTC, in New York at 04:00 UTC.
    hours = (1, 6, 12, 24 * 6, 24 * 6 + 12, 24 * 8, 24 * 400)
    for ago in hours:
        make_image(camera, noon - timedelta(hours=ago), files=False)
    make_image(make_camera("Driveway", "Other"), noon, files=False)
    assert counts(viewer, camera).complete is False, "nothing was counted yet"
    services.begin_anew()
    services.count()
    assert counts(viewer, camera) == CameraCounts(today=2, week=4, all=len(hours), complete=True)
    User.objects.update(time_zone="America/New_York")
    assert counts(viewer, camera) == CameraCounts(today=1, week=4, all=len(hours), complete=True)
    User.objects.update(time_zone="Pacific/Kiritimati")  # whose day began an hour less than a day ago
    assert counts(viewer, camera) == CameraCounts(today=3, week=5, all=len(hours), complete=True)


def test_what_is_deleted_is_counted_no_more(viewer: Client, camera: Camera, noon: datetime) -> None:
    old = make_image(camera, noon - timedelta(days=3), files=False)
    make_image(camera, noon, files=False)
    services.begin_anew()
    services.count()
    note_images([old])
    Image.objects.filter(pk=old.pk).delete()
    services.count()
    assert counts(viewer, camera) == CameraCounts(today=1, week=1, all=1, complete=True)


def test_the_page_shows_the_latest_picture_that_can_be_read_with_its_zones(viewer: Client, camera: Camera) -> None:
    shown = make_image(camera, NOW, files=False)
    make_image(camera, NOW + timedelta(minutes=1), files=False, width=0, height=0, problem="no JPEG")
    Zone.objects.create(camera=camera, name="lawn", kind="ignore", points=[[0, 0], [0.5, 0], [0.5, 1]])
    visit = make_visit(camera, 3, NOW - timedelta(hours=1), closed_at=NOW)
    page = text_of(viewer, f"/cameras/{camera.pk}/")
    assert f'src="/images/{shown.pk}/file.jpg"' in page
    assert 'points="0.0,0.0 320.0,0.0 320.0,480.0"' in page and "1 zone" in page
    assert f'href="/visits/{visit.pk}/"' in page and '<td class="figure">3</td>' in page
    assert "Draw zones" not in page and "Change the zones" not in page, "viewers change none"
    assert f"/nodes/{camera.node_id}/imagenode/" in page


def test_a_merged_cameras_old_address_leads_to_where_it_went(
    viewer: Client, camera: Camera, log_in: Callable[..., Client]
) -> None:
    middle, last = make_camera("Driveway", "Front2"), make_camera("Driveway", "Front3")
    old, older = camera.pk, middle.pk
    for one, into in ((camera, middle), (middle, last)):
        begin_merge(one, into)
        assert not finish_merges()
    for number in (old, older):
        response = viewer.get(f"/cameras/{number}/")
        assert (response.status_code, response.headers["Location"]) == (302, f"/cameras/{last.pk}/")
    assert viewer.get("/cameras/123456/").status_code == 404
    limited = log_in("dora", only_chosen_cameras=True)
    assert limited.get(f"/cameras/{old}/").status_code == 404, "an address tells nothing of what one may not see"
    last.viewers.add(User.objects.get(username="dora"))
    assert limited.get(f"/cameras/{old}/").status_code == 302


def test_a_node_shows_its_sensors_with_units_and_how_it_fared(viewer: Client, camera: Camera) -> None:
    now = timezone.now()
    for number, value in enumerate(("18.5 C", "21.5 C", "20 C")):
        make_event(text=f"Driveway|Temp|{value}", at=now - timedelta(hours=6 - number))
    make_event(text="Driveway|humidity|48.4 %", at=now - timedelta(days=40))
    make_event(text="Driveway|Restart|pi", at=now - timedelta(days=2))
    make_event(text="Driveway|silent|after 2 h 5 min", at=now - timedelta(days=1))
    Node.objects.update(booted_at=now - timedelta(days=3, hours=2), last_seen_at=now)
    page = text_of(viewer, f"/nodes/{camera.node_id}/")
    for said in ("18.5 °C", "21.5 °C", "20 °C", "Said nothing in these days", "48.4 %", "3 days", "1 restart"):
        assert said in page, said
    assert "after 2 h 5 min" in page and "Restarts and silences" in page
    assert "Said nothing" in text_of(viewer, f"/nodes/{camera.node_id}/?days=31")
    assert viewer.get(f"/nodes/{camera.node_id}/?days=2").status_code == 404


def test_who_is_limited_sees_no_sensor_of_a_node(log_in: Callable[..., Client], camera: Camera) -> None:
    make_event(text="Driveway|Temp|21.5 C")
    limited = log_in("dora", only_chosen_cameras=True)
    camera.viewers.add(User.objects.get(username="dora"))
    page = text_of(limited, f"/nodes/{camera.node_id}/")
    assert "21.5" not in page and "imagenode.yaml</a>" not in page and "Restarts and silences" not in page
