"""What holds for every page: it fits the screen, complains of nothing, and can be used by everybody."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.e2e.conftest import ADMIN, DESK, PHONE, STRANGER, Options, Pages
from tests.e2e.filling import VIEWER

PAGES = (
    *("/", "/gallery/", "/gallery/?day=2026-01-01", "/images/1/", "/images/9/", "/visits/", "/events/"),
    *("/events/latest/", "/plates/", "/plates/1/", "/plates/?q=nothing", "/cameras/", "/cameras/1/", "/nodes/1/"),
    *("/plates/?q=KV48ZBT", "/plates/triage/", "/plates/triage/?older=1-1", "/plates/corrections/"),
    *("/wall/", "/wall/?kiosk", "/events/timeline/", "/events/timeline/?days=31", "/events/?q=motion"),
    *("/cameras/add/", "/nodes/1/?days=31", "/nodes/1/imagenode/", "/offline/"),
    "/cameras/add/?node=gate&view=Barn&camera=pi&imagenode=old&size=640x480&detector=motion&left=9&top=0&right=5&bottom=9",
    *("/live/", "/account/", "/account/password/", "/statistics/", "/statistics/?from=2020-01-01&to=2020-01-02"),
    "/alerts/",
)
OPEN = ("/login/", "/account/lost-password/", "/account/lost-password/sent/", "/account/lost-password/done/")
STAFF = (
    *("/styleguide/", "/library/", "/cameras/1/settings/", "/cameras/1/zones/", "/nodes/1/settings/", "/admin/"),
    *("/plates/1/", "/plates/1/merge/", "/plates/1/merge/?q=HRZ"),
)
LISTS = (
    *("accounts/user", "cameras/camera", "cameras/node", "cameras/image", "cameras/event", "cameras/visit"),
    *("cameras/deadletter", "plates/plate", "plates/platereading", "detections/detection", "detections/detectionrun"),
    *("cameras/zone", "cameras/reconciliation", "cameras/filefault"),
)
ROWS = ("cameras/camera/1", "cameras/image/1", "cameras/node/1", "plates/plate/1", "accounts/user/1")
ADMIN_PAGES = (*(f"/admin/{one}/" for one in LISTS), *(f"/admin/{one}/change/" for one in ROWS))
WHO = {
    **dict.fromkeys(OPEN, STRANGER),
    **dict.fromkeys(PAGES, VIEWER),
    **dict.fromkeys((*STAFF, *ADMIN_PAGES), ADMIN),
}
GRAVE = {"serious", "critical"}
WIDER = "Math.max(document.documentElement.scrollWidth, document.body.scrollWidth) - innerWidth"


def settle(page: Page) -> None:
    """Wait until nothing moves any more."""
    page.evaluate("Promise.all(document.getAnimations().map((one) => one.finished.catch(() => null)))")


def everybody_can_use_it(page: Page, *rules: str) -> None:
    """Fail with what axe finds grave, of all rules or of some."""
    settle(page)
    # What axe would preload, it would put into style elements, which the pages' policy forbids.
    options = {"preload": False} | ({"runOnly": rules} if rules else {})
    violations = Axe().run(page, options=options).response["violations"]
    grave = [(one["id"], node) for one in violations if one["impact"] in GRAVE for node in one["nodes"]]
    assert not grave, "\n".join(f"{name}: {node['html'][:200]} {node['failureSummary']}" for name, node in grave)


@pytest.mark.parametrize("path", WHO)
def test_it_fits_a_desk_and_everybody_can_use_it(pages: Pages, path: str) -> None:
    page = pages(path, WHO[path], color_scheme="light", reduced_motion="reduce")
    assert page.evaluate(WIDER) <= 0
    everybody_can_use_it(page)
    page.emulate_media(color_scheme="dark")
    everybody_can_use_it(page, "color-contrast", "link-in-text-block")


@pytest.mark.parametrize("path", WHO)
def test_it_fits_a_phone_and_everybody_can_use_it(pages: Pages, path: str) -> None:
    page = pages(path, WHO[path], color_scheme="dark", reduced_motion="reduce", **PHONE)
    page.wait_for_load_state("networkidle")  # so that requests that fail late are noticed
    assert page.evaluate("innerWidth") == 390, "zoomed out to hold something that is wider"
    assert page.evaluate(WIDER) <= 0
    everybody_can_use_it(page)


@pytest.mark.parametrize("device", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_opens_over_a_page_can_be_used_too(pages: Pages, device: Options, scheme: str) -> None:
    page = pages("/gallery/", color_scheme=scheme, reduced_motion="reduce", **device)
    page.get_by_label("Your account").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    everybody_can_use_it(page)
    page.keyboard.press("Escape")
    page.locator(".card-link").first.click()
    expect(page.get_by_role("dialog", name="Picture")).to_be_visible()
    everybody_can_use_it(page)
    assert page.evaluate(WIDER) <= 0


def test_the_switch_chooses_the_theme_for_all_pages(pages: Pages) -> None:
    page = pages("/gallery/", color_scheme="light")
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)
    page.get_by_label("Your account").click()
    page.get_by_role("button", name="Dark").click()
    page.wait_for_function(f"{ground} !== '{light}'")
    dark = page.evaluate(ground)
    page.goto("/plates/")
    assert page.evaluate(ground) == dark
    page.get_by_label("Your account").click()
    page.get_by_role("button", name="Auto").click()
    page.wait_for_function(f"{ground} === '{light}'")
    page.wait_for_load_state("networkidle")  # kept with the person, whom other tests look at too
