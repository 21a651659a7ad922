"""A viewer of one camera who guesses addresses, against the running site."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.e2e.conftest import Pages
from tests.e2e.filling import LIMITED, VIEWER

ROWS = {
    "cameras_image": ("/images/{}/", "/images/{}/file.jpg", "/images/{}/thumbnail.jpg", "/images/{}/preview.jpg"),
    "cameras_camera": ("/cameras/{}/", "/cameras/{}/settings/", "/gallery/?camera={}", "/visits/?camera={}"),
    "cameras_node": ("/nodes/{}/", "/events/?node={}"),
    "plates_plate": ("/plates/{}/",),
    "cameras_visit": ("/visits/{}/",),
}
FOREIGN = {
    "cameras_image": "camera_id NOT IN (SELECT id FROM cameras_camera WHERE view = 'Barn')",
    "cameras_camera": "view != 'Barn'",
    "cameras_node": "name != 'yard'",
    "plates_plate": "text != '7HRZ319'",
    "cameras_visit": "camera_id NOT IN (SELECT id FROM cameras_camera WHERE view = 'Barn')",
}


def guesses(pages: Pages) -> list[str]:
    """The addresses of everything of other cameras; of their pictures a few."""
    found = []
    for table, addresses in ROWS.items():
        numbers = [row[0] for row in pages.site.rows(f"SELECT id FROM {table} WHERE {FOREIGN[table]} ORDER BY id")]
        assert numbers, table
        found += [address.format(number) for number in numbers[:12] for address in addresses]
    return found


def test_everything_of_other_cameras_is_404_and_exists(pages: Pages) -> None:
    limited, other = pages("/", LIMITED).request, pages("/", VIEWER).request
    for address in guesses(pages):
        assert limited.get(address).status == 404, address
        assert other.get(address).status == (403 if address.endswith("/settings/") else 200), address


def test_lists_and_figures_count_the_own_camera_alone(pages: Pages) -> None:
    page = pages("/", LIMITED)
    expect(page.locator(".stat", has_text="Pictures").first).to_contain_text("1")
    for path in ("/", "/gallery/", "/visits/", "/events/", "/events/latest/", "/plates/", "/cameras/", "/nodes/2/"):
        page.goto(path)
        text = page.content()
        assert "Barn" in text or "yard" in text or "7HRZ319" in text, path
        assert not re.search("Driveway|KV482BT|street|Corner|gate", text), path
    page.goto("/gallery/")
    expect(page.locator("#pictures > .card")).to_have_count(1)
    page.goto("/plates/")
    expect(page.locator("main")).to_contain_text("7HRZ319")


def test_the_admin_is_closed(pages: Pages) -> None:
    page = pages("/", LIMITED)
    expect(page.get_by_role("link", name="Admin")).to_have_count(0)
    for path in ("/admin/", "/admin/cameras/image/", "/admin/accounts/user/1/change/"):
        answer = page.request.get(path, max_redirects=0)
        assert answer.status == 302 and "/login/" in answer.headers["location"]
    assert page.request.get("/styleguide/", max_redirects=0).status in {302, 403, 404}
