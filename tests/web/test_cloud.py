"""Plate Recognizer on the pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

import environment
from cameras.models import Camera
from cloud import budget, pace
from cloud.models import CloudState, PauseKind
from tests.web.making import finish, make_image, text_of


@pytest.fixture
def staff(log_in: Callable[..., Client], monkeypatch: pytest.MonkeyPatch) -> Client:
    """Somebody who may see how things stand, where the service is set up."""
    monkeypatch.setenv("PLATE_RECOGNIZER_TOKEN", "3a0effff73919f898b69")
    monkeypatch.setattr(environment, "current", environment.load)
    return log_in("anna", is_staff=True)


def test_it_tells_staff_what_is_left_of_the_month_where_a_camera_uses_it(
    staff: Client, viewer: Client, camera: Camera
) -> None:
    assert "Plate Recognizer" not in text_of(staff, "/cameras/")
    Camera.objects.update(plate_source="local_then_cloud")
    page = text_of(staff, "/cameras/")
    for said in ("Plate Recognizer", "Ready", "api.platerecognizer.com", "0 of 2,500 calls", "lasts; renewed on"):
        assert said in page, said
    assert "3a0eff" not in page
    assert "of 2,500" not in text_of(viewer, "/cameras/")


def test_it_says_why_nothing_is_sent(staff: Client, camera: Camera, monkeypatch: pytest.MonkeyPatch) -> None:
    Camera.objects.update(plate_source="cloud")
    pace.state()
    pace.pause(PauseKind.TOKEN, "Plate Recognizer refuses the token", timedelta(hours=1))
    page = text_of(staff, "/cameras/")
    assert "Paused" in page and "refuses the token" in page
    CloudState.objects.update(paused_until=timezone.now())
    budget.count(2500)
    assert "Budget spent" in text_of(staff, "/cameras/")
    monkeypatch.setenv("PLATE_RECOGNIZER_TOKEN", "")
    assert "Set PLATE_RECOGNIZER_TOKEN" in text_of(staff, "/cameras/")


def test_the_budget_s_last_day_is_told(staff: Client, camera: Camera) -> None:
    Camera.objects.update(plate_source="cloud")
    budget.count(2499)
    assert "spent today, should it go on like this" in text_of(staff, "/cameras/")


def test_a_picture_says_what_the_service_did_with_it(viewer: Client, camera: Camera) -> None:
    image = make_image(camera)
    finish(image, "done", "done")
    assert "Not sent" not in text_of(viewer, f"/images/{image.pk}/")
    Camera.objects.update(plate_source="cloud")
    page = text_of(viewer, f"/images/{image.pk}/")
    assert "Plate Recognizer" in page and "Not sent" in page and "not for the service" in page
