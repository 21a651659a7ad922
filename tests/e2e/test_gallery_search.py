"""Finding pictures: the filters' panel, days to jump by, visits, and what is done with many."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import ADMIN, DESK, PHONE, Options, Pages
from tests.e2e.filling import LIMITED, PAST_DAYS
from tests.e2e.test_every_page import WIDER, everybody_can_use_it
from tests.harness import Installation, manage

SIZES = pytest.mark.parametrize("device", [DESK, PHONE], ids=["desk", "phone"])
DOOMED = 4
MAKE = f"""
from datetime import timedelta
from django.utils import timezone
from cameras.models import Image
from cameras.services import camera_for
from rollups import services
from tests.e2e.filling import copy
model = Image.objects.filter(camera__node__name="gate").latest("received_at")
for number in range({DOOMED}):
    copy(model, camera_for("street", "Corner"), timezone.now() - timedelta(days=9, seconds=20 * number))
services.begin_anew(restart=True)
while services.count():
    pass
"""


def cards(page: Page) -> Locator:
    return page.locator("#pictures > .card")


def panel(page: Page) -> Locator:
    """The panel of filters, opened."""
    page.locator(".filter-more > summary").click()
    expect(page.locator(".filter-panel")).to_be_visible()
    return page.locator(".filter-panel")


@SIZES
def test_filters_of_the_panel_combine_and_are_told_and_cleared(pages: Pages, device: Options) -> None:
    page = pages("/gallery/", **device)
    found = panel(page)
    everybody_can_use_it(page)
    assert page.evaluate(WIDER) <= 0
    found.get_by_label("car", exact=True).check()
    found.get_by_label("Surer than, in %").fill("20")
    found.get_by_label("Text, with ? and *").fill("kv4*bt")
    found.get_by_role("button", name="Show").click()
    expect(page).to_have_url(re.compile(r"label=car.*score=20.*plate=KV4|label=car.*score=20.*plate=kv4"))
    expect(page.locator(".filter-more > summary")).to_contain_text("3")
    count = cards(page).count()
    assert 0 < count < 9
    expect(page.locator(".gallery-count")).to_contain_text(f"{count} picture")
    for card in cards(page).all():
        expect(card).to_contain_text("KV482BT")
    page.get_by_label("Camera", exact=True).select_option(label="yard Barn")
    expect(cards(page)).to_have_count(0)
    expect(page.locator("main")).to_contain_text("Nothing")
    everybody_can_use_it(page)
    page.get_by_role("link", name="Clear").first.click()
    expect(page).to_have_url(re.compile(r"/gallery/$"))
    page.go_back()
    expect(page).to_have_url(re.compile("plate=kv4", re.IGNORECASE))


@SIZES
def test_a_day_of_the_chart_is_jumped_to(pages: Pages, device: Options) -> None:
    page = pages("/gallery/", **device)
    chart = page.get_by_label(re.compile("Pictures a day"))
    expect(chart.locator("a")).to_have_count(1 + len(PAST_DAYS))
    days = max(PAST_DAYS)
    then = date.today() - timedelta(days=days)
    chart.locator(f'a[aria-label*="{then:%A} {then.day} {then:%B %Y}"] .days-hit').click()
    expect(page.locator(".day-head").first).to_contain_text(f"{then.day} {then:%B %Y}")
    expect(page.get_by_label(re.compile("Pictures a day")).locator(".current")).to_have_count(1)
    page.get_by_role("link", name="Newest").click()
    expect(cards(page).first).to_contain_text("yard Barn")


@SIZES
def test_visits_stand_for_their_pictures(pages: Pages, device: Options) -> None:
    page = pages("/gallery/", **device)
    page.get_by_role("link", name="Visits", exact=True).last.click()
    expect(page).to_have_url(re.compile("group=visit"))
    several = cards(page).filter(has_text="street Corner").filter(has_text=re.compile(r"\d\d pictures"))
    expect(several.first).to_be_visible()
    expect(page.locator(".gallery-count")).to_contain_text("visits")
    assert cards(page).count() < 30
    cards(page).first.get_by_role("link").click()
    visit = page.get_by_role("dialog").get_by_role("link", name="Visit")
    expect(visit).to_have_attribute("href", re.compile(r"/visits/\d+/\?picture=\d+$"))


def test_nothing_shifts_while_pictures_come(pages: Pages) -> None:
    page = pages("/gallery/")
    sizes = page.evaluate(
        "[...document.querySelectorAll('.card img')].map((one) => [one.width, one.height, one.sizes])"
    )
    assert all(width and height and sizes for width, height, sizes in sizes)
    shift = page.evaluate("""new Promise((done) => new PerformanceObserver((list, observer) => {
        observer.disconnect();
        done(list.getEntries().reduce((sum, one) => sum + one.value, 0));
    }).observe({type: "layout-shift", buffered: true}) || setTimeout(() => done(0), 1500))""")
    assert shift < 0.01


def test_many_are_chosen_and_deleted_after_asking(pages: Pages, site: Installation) -> None:
    made = manage(site.env, "shell", "-c", MAKE)
    assert made.returncode == 0, made.stderr
    then = date.today() - timedelta(days=9)
    page = pages(f"/gallery/?day={then}", ADMIN)
    expect(cards(page)).to_have_count(DOOMED)
    page.get_by_role("button", name="Select").click()
    cards(page).first.get_by_role("link").click()
    cards(page).last.get_by_role("link").click(modifiers=["Shift"])
    bar = page.get_by_role("form", name="Chosen pictures")
    expect(bar).to_contain_text(f"{DOOMED} chosen")
    everybody_can_use_it(page)
    bar.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("heading", name="Delete pictures?")).to_be_visible()
    expect(page.locator("main")).to_contain_text(f"{DOOMED} pictures and everything")
    page.get_by_role("button", name=f"Delete {DOOMED} pictures").click()
    expect(page.locator(".toasts")).to_contain_text(f"{DOOMED} pictures deleted")
    expect(page).to_have_url(re.compile(f"day={then}"))
    expect(cards(page)).to_have_count(0)


def test_staff_keep_a_picture_on_its_page_and_viewers_cannot(pages: Pages) -> None:
    page = pages("/images/2/", ADMIN)
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_role("button", name="Kept")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Look again").click()
    expect(page.locator(".toasts")).to_contain_text("looked at anew")
    page.keyboard.press("k")
    expect(page.get_by_role("button", name="Keep")).to_have_attribute("aria-pressed", "false")
    viewer = pages("/images/2/")
    for name in ("Keep", "Delete", "Look again"):
        expect(viewer.get_by_role("button", name=name)).to_have_count(0)


def test_a_limited_viewer_finds_the_own_camera_alone_whatever_is_asked(pages: Pages) -> None:
    page = pages("/gallery/", LIMITED)
    expect(cards(page)).to_have_count(1)
    found = panel(page)
    expect(found).not_to_contain_text(re.compile("gate|street|Driveway|Corner"))
    for query in ("?list=any", "?group=visit", "?label=car", "?plate=482", "?plate=*&similar=on", "?after=00:00"):
        page.goto(f"/gallery/{query}")
        assert not re.search("Driveway|KV482BT|street|Corner|gate", page.locator("main").inner_html()), query
    foreign = pages.site.rows("SELECT id FROM cameras_camera WHERE view != 'Barn' ORDER BY id LIMIT 1")[0][0]
    assert page.request.get(f"/gallery/?camera={foreign}").status == 404
