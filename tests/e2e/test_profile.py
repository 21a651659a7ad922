"""The profile in a real browser: the zone of its clock, density, and colours that follow to another device."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import PHONE, STRANGER, Pages, sign_in
from tests.e2e.filling import PASSWORD
from tests.harness import manage

PERSON = "paula"
GROUND = "getComputedStyle(document.body).backgroundColor"


@pytest.fixture(scope="module", autouse=True)
def paula(site: object) -> Iterator[None]:
    """Somebody whose profile no other test meets."""
    made = f"from accounts.models import User; User.objects.create_user({PERSON!r}, password={PASSWORD!r})"
    answer = manage(site.env, "shell", "-c", made)  # type: ignore[attr-defined]  # an Installation
    assert answer.returncode == 0, answer.stderr
    yield


def signed_in(pages: Pages, **options: object) -> Page:
    page = pages("/login/", STRANGER, **options)
    sign_in(page, PERSON, PASSWORD)
    expect(page.get_by_label("Your account")).to_be_visible()
    page.goto("/account/")
    return page


def test_what_is_chosen_holds_here_and_on_another_device(pages: Pages) -> None:
    page = signed_in(pages, timezone_id="Asia/Tokyo", color_scheme="light")
    light = page.evaluate(GROUND)
    page.get_by_role("button", name="As this browser: Asia/Tokyo").click()
    expect(page.get_by_label("Time zone")).to_have_value("Asia/Tokyo")
    page.get_by_label("Dark").check()
    page.get_by_label("Compact").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    dark = page.evaluate(GROUND)
    assert dark != light
    assert page.locator('meta[name="theme-color"]').first.get_attribute("content") == "#171c1e"
    high = page.get_by_role("button", name="Save").bounding_box()
    assert high and high["height"] == 36

    phone = signed_in(pages, color_scheme="light", **PHONE)
    assert phone.evaluate(GROUND) == dark
    assert phone.get_by_role("button", name="Save").bounding_box()["height"] == 44  # type: ignore[index]  # fingers
    phone.get_by_label("Your account").click()
    phone.get_by_role("button", name="Light").click()
    phone.wait_for_function(f"{GROUND} === '{light}'")
    phone.wait_for_load_state("networkidle")
    page.goto("/gallery/")
    assert page.evaluate(GROUND) == light


def test_the_area_of_a_new_camera_is_drawn_or_written(pages: Pages) -> None:
    page = pages("/cameras/add/")
    page.get_by_label("Name of the Pi").fill("gate2")
    page.get_by_label("What the camera sees").fill("Back door")
    stage = page.locator(".area-stage")
    stage.scroll_into_view_if_needed()
    box = stage.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * 0.8, box["y"] + box["height"] * 0.9)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.5, steps=4)
    page.mouse.move(box["x"] + box["width"] * 0.2, box["y"] + box["height"] * 0.1, steps=4)
    page.mouse.up()
    edges = [int(page.get_by_label(name, exact=True).input_value()) for name in ("Left", "Top", "Right", "Bottom")]
    assert all(abs(found - meant) <= 1 for found, meant in zip(edges, (20, 10, 80, 90), strict=True)), edges
    page.get_by_label("Left", exact=True).fill("25")
    assert page.locator(".area-box").get_attribute("x") == "25"
    page.keyboard.press("Enter")
    file = page.get_by_role("region", name="imagenode.yaml", exact=True).locator("code").first
    expect(file).to_contain_text("name: gate2")
    expect(file).to_contain_text(f"ROI: (25,{edges[1]}),({edges[2]},{edges[3]})")
    with page.expect_download() as started:
        page.get_by_role("link", name="Download").click()
    assert started.value.suggested_filename == "imagenode.yaml"
