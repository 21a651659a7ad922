"""The statistics of what really came, with mouse, keys and finger."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import DESK, PHONE, Options, Pages
from tests.e2e.filling import LIMITED, PAST_DAYS, VIEWER
from tests.e2e.test_every_page import WIDER, everybody_can_use_it

CHARTS = ("Pictures and visits", "Objects", "Visits by hour and weekday", "Pictures looked at", "Latency")
ALL = 9 + sum(PAST_DAYS.values())


def test_charts_tell_what_came(pages: Pages) -> None:
    page = pages("/")
    page.keyboard.press("n")
    expect(page.get_by_role("heading", name="Statistics")).to_be_visible()
    expect(page.locator(".stat", has_text="Pictures")).to_contain_text(str(ALL))
    for title in CHARTS:
        expect(page.get_by_role("img", name=title, exact=True)).to_be_visible()
    expect(page.locator("#desc-objects")).to_contain_text(re.compile(r"car: \d+"))


def test_a_chart_opens_as_a_table_and_is_saved_as_csv(pages: Pages) -> None:
    page = pages("/statistics/")
    table = page.get_by_role("table", name="Objects", exact=True)
    expect(table).to_be_hidden()
    page.get_by_text("Objects as a table").focus()
    page.keyboard.press("Enter")
    expect(table).to_be_visible()
    with page.expect_download() as saving:
        page.get_by_role("link", name="Objects as CSV").click()
    rows = list(csv.reader(Path(saving.value.path()).read_text().splitlines()))
    shown = table.locator("tbody tr").first.locator("td").all_inner_texts()
    assert [int(cell) for cell in rows[-1][1 : 1 + len(shown)]] == [int(cell) for cell in shown]


def test_days_and_a_camera_are_chosen(pages: Pages) -> None:
    page = pages("/statistics/")
    page.get_by_role("link", name="7 days").click()
    expect(page.get_by_role("link", name="7 days")).to_have_attribute("aria-current", "page")
    page.get_by_label("Camera", exact=True).select_option(label="street Corner")
    expect(page.locator(".stat", has_text="Pictures")).to_contain_text(str(sum(PAST_DAYS.values())))
    assert re.search(r"from=\d{4}-\d\d-\d\d&to=.*camera=\d+", page.url)
    expect(page.get_by_role("link", name="7 days")).to_have_attribute("aria-current", "page")
    page.get_by_role("link", name="Clear").click()
    expect(page.locator(".stat", has_text="Pictures")).to_contain_text(str(ALL))


def test_who_is_limited_reads_of_the_own_camera_alone(pages: Pages) -> None:
    page = pages("/statistics/", LIMITED)
    expect(page.locator(".stat", has_text="Pictures")).to_contain_text("1")
    assert not re.search("Driveway|street|Corner|gate", page.content())


@pytest.mark.parametrize("device", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everything_open_still_fits_and_can_be_used(pages: Pages, device: Options, scheme: str) -> None:
    page = pages("/statistics/", VIEWER, color_scheme=scheme, reduced_motion="reduce", **device)
    for summary in page.locator(".chart-data summary").all():
        summary.click()
    everybody_can_use_it(page)
    assert page.evaluate(WIDER) <= 0


def test_a_phone_finds_it_in_the_menu_of_the_account(pages: Pages) -> None:
    page = pages("/gallery/", **PHONE)
    page.get_by_label("Your account").click()
    page.get_by_role("link", name="Statistics").click()
    expect(page.get_by_role("heading", name="Statistics")).to_be_visible()
