from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.urls import resolve, reverse

import web
from accounts.models import User
from web.choices import Tab
from web.navigation import items

WEB = Path(web.__file__).parent
SHEETS = {path.name: path.read_text(encoding="utf-8") for path in (WEB / "static/web/css").glob("*.css")}
TEMPLATES = {
    path: re.sub(r"(?s){% comment %}.*?{% endcomment %}|{#.*?#}", "", path.read_text(encoding="utf-8"))
    for path in (WEB / "templates").rglob("*.html")
}


def render(source: str, **values: object) -> str:
    return Template("{% load components %}" + source).render(Context(values))


def light_and_dark(name: str) -> tuple[str, str]:
    found = re.search(rf"--{name}: light-dark\((#\w+), (#\w+)\)", SHEETS["tokens.css"])
    assert found, name
    return found[1], found[2]


def luminance(colour: str) -> float:
    shares = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


PAIRS = [
    *(("ink", ground, 7.0) for ground in ("ground", "surface", "surface-2")),
    *(("ink-2", ground, 4.5) for ground in ("ground", "surface", "surface-2", "surface-3")),
    *(("accent", ground, 4.5) for ground in ("ground", "surface", "accent-soft")),
    *(
        (state, ground, 4.5)
        for state in ("ok", "warning", "danger")
        for ground in ("surface", "ground", f"{state}-soft")
    ),
    ("accent-ink", "accent", 4.5),
    ("danger-ink", "danger", 4.5),
    ("line-strong", "surface", 3.0),
    ("focus", "ground", 3.0),
]


@pytest.mark.parametrize(("text", "ground", "least"), PAIRS)
def test_it_can_be_read_in_both_themes(text: str, ground: str, least: float) -> None:
    for one, other in zip(light_and_dark(text), light_and_dark(ground), strict=True):
        assert contrast(one, other) >= least, (one, other, contrast(one, other))


def test_it_uses_only_tokens_that_exist() -> None:
    known = set(re.findall(r"(--[\w-]+):", SHEETS["tokens.css"]))
    for name, sheet in SHEETS.items():
        assert set(re.findall(r"var\((--[\w-]+)", sheet)) <= known, name


def test_it_uses_only_icons_that_are_drawn() -> None:
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', (WEB / "static/web/img/icons.svg").read_text(encoding="utf-8")))
    for path, source in TEMPLATES.items():
        assert set(re.findall(r'{% icon "([\w-]+)" %}', source)) <= drawn, path


def test_it_has_no_inline_script_style_or_handler_in_any_template() -> None:
    for path, source in TEMPLATES.items():
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)|hx-on|javascript:", source), path


def test_it_shows_staff_every_component_in_both_themes(log_in: Callable[..., Client]) -> None:
    page = log_in("anna", is_staff=True).get(reverse("web:styleguide")).content.decode()
    assert 'data-theme="light"' in page and 'data-theme="dark"' in page
    for part in (
        "button",
        "badge",
        "plate",
        "notice",
        "toast",
        "dialog",
        "tab",
        "segment",
        "pairs",
        "field",
        "filter-bar",
    ):
        assert re.search(rf'class="{part}[ "]', page), part
    identities = re.findall(r'\sid="([^"]+)"', re.sub(r'id="filter-\w+"', "", page))
    assert len(identities) == len(set(identities))
    assert log_in("ben").get(reverse("web:styleguide")).status_code == 404


def test_it_encloses_content_and_escapes_what_it_is_given() -> None:
    page = render("{% panel title=name %}<p>{{ name }}</p>{% endpanel %}", name="<b>")
    assert "<h2>&lt;b&gt;</h2>" in page and "<p>&lt;b&gt;</p>" in page
    page = render('{% include "web/components/badge.html" with text=name kind="ok" only %}', name="<b>")
    assert '<span class="badge badge-ok">&lt;b&gt;</span>' in page


def test_it_leaves_out_actions_and_pages_that_do_not_exist() -> None:
    assert "page-actions" not in render('{% page_header title="Visits" %} {% endpage_header %}')
    pages = '{% include "web/components/pagination.html" with newer_url="" older_url=older only %}'
    assert "pager" not in render(pages, older="")
    assert 'rel="next" href="?older=1"' in render(pages, older="?older=1")


def test_it_marks_the_tab_that_is_shown() -> None:
    tabs = [Tab("?list=", "All", count=0), Tab("?list=known", "Known", current=True)]
    page = render('{% include "web/components/tabs.html" with tabs=tabs label="Lists" only %}', tabs=tabs)
    assert 'href="?list=known" aria-current="page">Known</a>' in page and '<span class="tab-count">0</span>' in page


def test_it_marks_the_page_that_another_belongs_to(rf: RequestFactory) -> None:
    request = rf.get("/images/7/")
    request.resolver_match = resolve("/images/7/")
    assert [one.text for one in items(request) if one.current] == ["Gallery"]


def test_it_keeps_the_chosen_theme_with_the_person_and_writes_it_to_the_page(
    viewer: Client, log_in: Callable[..., Client]
) -> None:
    response = viewer.post(reverse("web:theme"), {"theme": "dark", "next": "/gallery/?camera=1"})
    assert response.headers["Location"] == "/gallery/?camera=1"
    assert '<html lang="en-GB" data-theme="dark">' in viewer.get("/gallery/").content.decode()
    elsewhere = Client()
    elsewhere.force_login(User.objects.get(username="ben"))
    assert '<html lang="en-GB" data-theme="dark">' in elsewhere.get("/gallery/").content.decode()
    assert '<html lang="en-GB">' in log_in("cleo").get("/gallery/").content.decode()
    assert (
        viewer.post(reverse("web:theme"), {"theme": "auto"}, headers={"X-Requested-With": "fetch"}).status_code == 204
    )
    assert '<html lang="en-GB">' in viewer.get("/gallery/").content.decode()


def test_it_takes_no_theme_that_it_does_not_know_and_leads_nowhere_else(viewer: Client) -> None:
    response = viewer.post(reverse("web:theme"), {"theme": '"><script>'})
    assert response.status_code == 400 and "is none of auto, light, dark" in response.content.decode()
    response = viewer.post(reverse("web:theme"), {"theme": "light", "next": "https://elsewhere.example/"})
    assert response.headers["Location"] == "/"
