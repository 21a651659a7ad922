"""Choosing pictures, and what the lightbox can do with one: by mouse, keys and finger."""

from __future__ import annotations

import csv
import re
import zipfile
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import ADMIN, PHONE, Pages


def links(page: Page) -> Locator:
    return page.locator("#pictures .card-link")


def bar(page: Page) -> Locator:
    return page.get_by_role("form", name="Chosen pictures")


def press_long(page: Page, card: Locator) -> None:
    """Hold a finger on a card."""
    box = card.bounding_box()
    assert box
    session = page.context.new_cdp_session(page)
    place = {"x": box["x"] + box["width"] / 2, "y": box["y"] + 40}
    session.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [place]})
    expect(bar(page)).to_be_visible()
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    session.detach()


def test_shift_chooses_a_range_and_escape_none(pages: Pages) -> None:
    page = pages("/gallery/")
    expect(bar(page)).to_be_hidden()
    page.get_by_role("button", name="Select").click()
    links(page).nth(1).click()
    links(page).nth(4).click(modifiers=["Shift"])
    expect(bar(page)).to_contain_text("4 chosen")
    links(page).nth(2).click()
    expect(bar(page)).to_contain_text("3 chosen")
    expect(page.get_by_role("dialog", name="Picture")).to_be_hidden()
    page.keyboard.press("Escape")
    expect(bar(page)).to_be_hidden()


def test_a_long_press_chooses_and_further_presses_too(pages: Pages) -> None:
    page = pages("/gallery/", **PHONE)
    press_long(page, page.locator("#pictures .card").nth(0))
    expect(bar(page)).to_contain_text("1 chosen")
    links(page).nth(1).tap()
    expect(bar(page)).to_contain_text("2 chosen")
    expect(page.get_by_role("dialog", name="Picture")).to_be_hidden()


def test_what_is_chosen_can_be_taken_away(pages: Pages, tmp_path: Path) -> None:
    page = pages("/gallery/")
    page.keyboard.press("x")
    for number in range(2):
        links(page).nth(number).click()
    with page.expect_download() as given:
        bar(page).get_by_role("button", name="ZIP").click()
    given.value.save_as(tmp_path / "pictures.zip")
    with zipfile.ZipFile(tmp_path / "pictures.zip") as archive:
        assert archive.testzip() is None and len(archive.namelist()) == 3
        table = archive.read("pictures.csv").decode()
    assert len(list(csv.reader(table.splitlines()))) == 3
    expect(bar(page).get_by_role("button", name="Delete")).to_have_count(0)


def test_staff_keep_a_picture_in_the_lightbox(pages: Pages) -> None:
    page = pages("/gallery/", ADMIN)
    links(page).nth(3).click()
    page.keyboard.press("k")
    expect(page.get_by_role("button", name="Kept")).to_be_visible()
    page.reload()
    expect(page.get_by_role("button", name="Kept")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Kept").click()
    expect(page.get_by_role("button", name="Keep")).to_have_attribute("aria-pressed", "false")


def test_deleting_asks_and_leads_back(pages: Pages) -> None:
    page = pages("/gallery/", ADMIN)
    links(page).nth(5).click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_role("heading", name="Delete pictures?")).to_be_visible()
    page.get_by_role("link", name="Cancel").click()
    expect(page).to_have_url(re.compile(r"/gallery/"))
    expect(links(page).nth(5)).to_be_visible()


def test_the_picture_zooms_and_moves(pages: Pages) -> None:
    page = pages("/gallery/")
    links(page).first.click()
    picture = page.locator("[data-stage] img")
    expect(picture).to_have_attribute("src", re.compile(r"/file\.jpg$"))
    page.keyboard.press("z")
    expect(page.get_by_role("button", name="Zoom")).to_have_attribute("aria-pressed", "true")
    before = picture.bounding_box()
    page.keyboard.press("ArrowRight")
    after = picture.bounding_box()
    assert before and after and after["x"] < before["x"] and after["width"] > 1280
    page.keyboard.press("0")
    expect(page.get_by_role("button", name="Zoom")).to_have_attribute("aria-pressed", "false")
    visit = page.get_by_role("link", name="Visit", exact=True)
    expect(visit).to_have_attribute("href", re.compile(r"/visits/\d+/\?picture=\d+$"))
