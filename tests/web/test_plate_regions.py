from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

import environment
from accounts.models import User
from environment import PLATE_REGIONS
from plates.models import PlateSettings
from plates.regions import expected

pytestmark = pytest.mark.django_db
OPEN = replace(environment.current(), plate_regions=())
FORM = reverse("admin:plates_platesettings_change", args=[1])


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("ann"))
    return client


def test_all_regions_are_expected_at_first() -> None:
    assert expected(OPEN) == PLATE_REGIONS


def test_what_staff_choose_counts_at_once(staff: Client) -> None:
    staff.get(reverse("admin:plates_platesettings_changelist"))
    assert staff.post(FORM, {"regions": ["br", "us"]}).status_code == 302
    assert expected(OPEN) == ("us", "br")


def test_the_environment_overrides_it_and_the_form_says_so(staff: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    PlateSettings.objects.create(regions=["us"])
    monkeypatch.setattr(environment, "current", lambda: replace(OPEN, plate_regions=("eu",)))
    assert expected(environment.current()) == ("eu",)
    page = staff.get(FORM).content.decode()
    assert "eu: PLATE_REGIONS is set in the environment and overrides what is set here." in page


def test_the_list_leads_to_the_form_of_the_one_row(staff: Client) -> None:
    found = staff.get(reverse("admin:plates_platesettings_changelist"), follow=True)
    assert found.redirect_chain[-1][0] == FORM
    assert "from the next picture on" in found.content.decode()
    assert staff.get(reverse("admin:plates_platesettings_add")).status_code == 403


@pytest.mark.parametrize("chosen", [[], ["uk"]])
def test_the_form_refuses_what_is_no_region(staff: Client, chosen: list[str]) -> None:
    PlateSettings.objects.create(regions=["us"])
    assert staff.post(FORM, {"regions": chosen}).status_code == 200
    assert expected(OPEN) == ("us",)


def test_there_is_one_row_only() -> None:
    PlateSettings.objects.create(regions=["us"])
    with pytest.raises(IntegrityError), transaction.atomic():
        PlateSettings.objects.create(pk=2, regions=["eu"])
