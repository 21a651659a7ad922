"""The page of a visit, and triage with keys, thumbs and without scripts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import ADMIN, DESK, PHONE, Options, Pages
from tests.e2e.filling import DOUBTFUL, VIEWER
from tests.e2e.test_every_page import WIDER, everybody_can_use_it

TRIAGE = "/plates/triage/"
CORRECTIONS = "SELECT count(*) FROM plates_correction WHERE undone_at IS NULL"


def visit_of(pages: Pages, text: str) -> str:
    """The page of the visit in which that was read."""
    number = pages.site.rows(f"SELECT visit_id FROM plates_sighting WHERE text = '{text}' ORDER BY id DESC")[0][0]
    return f"/visits/{number}/"


def asked(page: Page, text: str) -> None:
    expect(page.locator("#read .plate bdi")).to_have_text(text)


@pytest.mark.parametrize("device", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("person", [VIEWER, ADMIN])
@pytest.mark.parametrize("page_of", ["gate", "triage", "doubtful"])
def test_it_fits_and_everybody_can_use_it(pages: Pages, page_of: str, person: str, device: Options) -> None:
    paths = {"gate": visit_of(pages, "KV482BT"), "doubtful": visit_of(pages, DOUBTFUL[1]), "triage": TRIAGE}
    page = pages(paths[page_of], person, color_scheme="light", reduced_motion="reduce", **device)
    page.wait_for_load_state("networkidle")
    page.evaluate("document.querySelectorAll('main details').forEach((one) => (one.open = true))")
    assert page.evaluate(WIDER) <= 0
    everybody_can_use_it(page)
    page.emulate_media(color_scheme="dark")
    everybody_can_use_it(page, "color-contrast", "link-in-text-block")


def test_arrows_lead_through_the_pictures_of_a_visit_without_loading_it_anew(pages: Pages) -> None:
    page = pages(visit_of(pages, "KV482BT"))
    expect(page.locator(".vehicle .plate")).to_have_text("KV482BT")
    expect(page.locator(".strip a")).to_have_count(8)
    page.locator(".strip a").last.click()
    expect(page.locator(".strip a").last).to_have_attribute("aria-current", "true")
    page.locator(".strip a").first.click()
    expect(page.locator(".strip a").first).to_have_attribute("aria-current", "true")
    page.evaluate("window.kept = true")
    first = page.locator("#viewer .stage img").get_attribute("src")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".strip a").nth(1)).to_have_attribute("aria-current", "true")
    assert page.locator("#viewer .stage img").get_attribute("src") != first
    expect(page).to_have_url(re.compile(r"\?picture=\d+$"))
    expect(page.locator("#picture-facts")).to_contain_text("How it was looked at")
    page.keyboard.press("b")
    expect(page.locator("#viewer .overlay")).to_be_hidden()
    assert page.evaluate("window.kept") is True


def test_the_crop_shows_the_plate(pages: Pages) -> None:
    page = pages(visit_of(pages, "KV482BT"))
    crop = page.locator(".vehicle .crop")
    box = crop.bounding_box()
    assert box and box["width"] > 200 and 1.5 < box["width"] / box["height"] < 8
    expect(crop).to_have_accessible_name(re.compile("Plate KV482BT"))


def test_triage_goes_by_keys(pages: Pages) -> None:
    page = pages(TRIAGE, ADMIN)
    asked(page, DOUBTFUL[0])
    for keys in ("a", "1", "x", "t"):
        page.keyboard.press(keys)
        if keys == "t":
            expect(page.get_by_label("Another plate")).to_be_focused()
            page.keyboard.type("zz 123-z")
            page.keyboard.press("Enter")
        asked(page, DOUBTFUL[1])
        expect(page.locator(".page-actions .badge")).to_have_text("2 left")
        page.keyboard.press("u")
        asked(page, DOUBTFUL[0])
        expect(page.locator(".page-actions .badge")).to_have_text("3 left")
    for text in (*DOUBTFUL[1:], ""):
        page.keyboard.press("s")
        if text:
            asked(page, text)
    expect(page.get_by_role("heading", name="That was the last one")).to_be_visible()
    page.keyboard.press("s")
    asked(page, DOUBTFUL[0])
    assert pages.site.rows(CORRECTIONS)[0][0] == 0


def test_pressing_twice_sends_once(pages: Pages) -> None:
    page = pages(TRIAGE, ADMIN)
    asked(page, DOUBTFUL[0])
    page.evaluate("[1, 2, 3].forEach(() => document.querySelector('[data-key=a]').click())")
    asked(page, DOUBTFUL[1])
    assert pages.site.rows(CORRECTIONS)[0][0] == 1
    page.keyboard.press("u")
    asked(page, DOUBTFUL[0])
    assert pages.site.rows(CORRECTIONS)[0][0] == 0


def test_a_key_that_is_held_down_answers_once_and_escape_leaves_the_field(pages: Pages) -> None:
    page = pages(TRIAGE, ADMIN)
    asked(page, DOUBTFUL[0])
    page.keyboard.press("t")
    page.keyboard.type("a")
    page.keyboard.press("Escape")
    expect(page.get_by_label("Another plate")).not_to_be_focused()
    page.keyboard.down("a")
    asked(page, DOUBTFUL[1])
    page.keyboard.down("a")
    page.keyboard.up("a")
    page.wait_for_timeout(300)
    asked(page, DOUBTFUL[1])
    assert pages.site.rows(CORRECTIONS)[0][0] == 1
    page.keyboard.press("u")
    asked(page, DOUBTFUL[0])
    assert pages.site.rows(CORRECTIONS)[0][0] == 0


def test_triage_goes_without_scripts_and_with_a_thumb(pages: Pages) -> None:
    for options in ({"java_script_enabled": False}, PHONE):
        page = pages(TRIAGE, ADMIN, **options)
        button = page.get_by_role("button", name=re.compile(f"{DOUBTFUL[0]} a new plate"))
        box = button.bounding_box()
        assert box and box["height"] >= 44
        button.click()
        asked(page, DOUBTFUL[1])
        page.get_by_role("button", name="Undo").click()
        asked(page, DOUBTFUL[0])


def test_a_reading_is_corrected_on_the_page_of_its_visit_and_back(pages: Pages) -> None:
    page = pages(visit_of(pages, DOUBTFUL[2]), ADMIN)
    vehicle = page.locator(".vehicle", has_text=DOUBTFUL[2])
    vehicle.get_by_role("button", name=f"{DOUBTFUL[2]}7 also read").click()
    expect(page.locator(".toast")).to_contain_text(f"{DOUBTFUL[2]} is {DOUBTFUL[2]}7.")
    expect(page.locator(".vehicle", has_text=f"{DOUBTFUL[2]}7")).to_contain_text("Matched")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".vehicle", has_text=DOUBTFUL[2])).to_contain_text("Unknown")
