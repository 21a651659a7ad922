"""Making a channel and a rule as people do, and what the next visit brings about."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from demo.fixture import read_fixture
from demo.traffic import play
from tests.alerts.servers import Webhook, webhook
from tests.e2e.conftest import ADMIN, PHONE, Options, Pages, demo_site, signed_in, watched
from tests.e2e.test_every_page import WIDER, everybody_can_use_it
from tests.harness import PICTURES, eventually


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Pages]:
    """A site of this file's own, as more pictures come to it, which the other tests would count."""
    with (
        demo_site(tmp_path_factory.mktemp("alerts")) as site,
        watched(browser, site, signed_in(browser, site)) as found,
    ):
        yield found


@pytest.fixture
def pages(own: Pages) -> Pages:
    """The pages of a site without rules and channels, whatever a test before left."""
    for table in ("occasion", "delivery", "message", "duecheck", "rule_channels", "rule", "channel"):
        own.site.execute(f"DELETE FROM alerts_{table}")
    return own


@pytest.fixture
def hook() -> Iterator[Webhook]:
    with webhook() as found:
        yield found


def save(page: Page) -> None:
    page.locator(".form-end").get_by_role("button", name="Save").click()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_a_rule_made_by_clicking_brings_a_message(pages: Pages, hook: Webhook, scripts: bool) -> None:
    page = pages("/alerts/channels/new/", ADMIN, java_script_enabled=scripts)
    page.get_by_label("Name").fill("Hook")
    page.get_by_label("Address").fill(hook.url)
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Try out Hook").click()
    expect(page.get_by_text("“Hook” works")).to_be_visible()
    page.goto("/alerts/rules/new/")
    page.get_by_label("Name").fill("A car comes")
    page.get_by_label("Things").fill("car, truck")
    page.get_by_role("button", name="The light is on or off").click()
    expect(page.get_by_role("heading", name="The light is on or off")).to_be_visible()
    page.get_by_role("button", name="Remove “The light is on or off”").click()
    expect(page.get_by_role("heading", name="The light is on or off")).to_have_count(0)
    expect(page.get_by_label("Things")).to_have_value("car, truck")
    page.get_by_role("button", name="Try against the past week").click()
    expect(page.get_by_role("heading", name="In the past week")).to_be_visible()
    save(page)
    expect(page.get_by_text("car or truck is seen at any camera")).to_be_visible()
    hook.got.clear()
    assert list(play(pages.site.receiver, read_fixture(PICTURES)))
    eventually(lambda: len(hook.got) > 0, 60)
    assert re.match(r"A (car|truck) at ", hook.got[0]["message"]) and hook.got[0]["attachments"]
    page.goto("/alerts/")
    expect(page.get_by_text("Hook: sent").first).to_be_visible()
    page.get_by_role("link", name=hook.got[0]["message"]).first.click()
    expect(page.get_by_role("cell", name="Told", exact=True)).to_be_visible()


@pytest.mark.parametrize("options", [{}, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_the_pages_of_alerts(pages: Pages, options: Options, scheme: str) -> None:
    page = pages("/alerts/channels/new/", ADMIN, color_scheme=scheme, reduced_motion="reduce", **options)
    page.get_by_label("Name").fill("Voice")
    page.get_by_label("Kind").select_option("speech")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("button", name="Try out Voice")).to_be_visible()
    page.wait_for_load_state()
    page.goto("/alerts/rules/")
    page.get_by_role("button", name="Add “Somebody moves”").click()
    expect(page.get_by_role("link", name="Somebody moves")).to_be_visible()
    page.wait_for_load_state()
    number = pages.site.rows("SELECT id FROM alerts_rule")[0][0]
    for address in ("", "rules/", f"rules/{number}/", "rules/new/", "channels/", "channels/new/"):
        page.goto(f"/alerts/{address}")
        assert page.evaluate(WIDER) <= 0, address
        everybody_can_use_it(page)
    visit = pages.site.rows("SELECT max(id) FROM cameras_visit")[0][0]
    event = pages.site.rows("SELECT max(id) FROM cameras_event")[0][0]
    for address in (f"/visits/{visit}/why/", f"/events/{event}/why/"):
        page.goto(address)
        assert page.evaluate(WIDER) <= 0, address
        everybody_can_use_it(page)
    page.goto("/wall/")
    page.get_by_title("Speak messages").click()
    page.get_by_label("Speak messages on this wall").check()
    everybody_can_use_it(page)
    page.reload()
    page.get_by_title("Speak messages").click()
    expect(page.get_by_label("Speak messages on this wall")).to_be_checked()
