from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from pytest_django import Settings

import environment


@pytest.fixture
def monitor(
    log_in: Callable[..., Client], monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> Iterator[Callable[[str, str], str]]:
    """What the admin's first page says about Flower, by Flower's address and the name that the browser asked for."""
    client = log_in("anna", is_staff=True)
    settings.ALLOWED_HOSTS = ["*"]

    def page(flower: str, host: str) -> str:
        monkeypatch.setenv("FLOWER_ADDRESS", flower)
        environment.current.cache_clear()
        html = client.get("/admin/", headers={"host": host}).content.decode()
        return html.partition('id="task-monitor"')[2].partition("</div>")[0]

    yield page
    monkeypatch.undo()
    environment.current.cache_clear()


@pytest.mark.parametrize(
    ("flower", "host", "link"),
    [
        ("127.0.0.1:5556", "127.0.0.1:8000", "http://127.0.0.1:5556"),
        ("127.0.0.1:5556", "localhost:8000", "http://127.0.0.1:5556"),
        ("[::1]:5556", "[::1]:8000", "http://[::1]:5556"),
        ("0.0.0.0:5556", "garagepc:8000", "http://garagepc:5556"),
        ("[::]:5556", "[fd00::7]:8000", "http://[fd00::7]:5556"),
        ("192.168.1.9:5556", "garagepc", "http://192.168.1.9:5556"),
    ],
)
def test_it_links_to_flower_where_the_browser_can_reach_it(
    monitor: Callable[[str, str], str], flower: str, host: str, link: str
) -> None:
    assert f'<a href="{link}"' in monitor(flower, host)


@pytest.mark.parametrize("host", ["garagepc:8000", "192.168.1.9:8000"])
def test_it_says_where_flower_is_when_the_browser_cannot_reach_it(
    monitor: Callable[[str, str], str], host: str
) -> None:
    told = monitor("127.0.0.1:5556", host)
    assert "<a " not in told
    assert "<code>http://127.0.0.1:5556</code>" in told


def test_it_says_how_to_log_in_and_not_the_password(monitor: Callable[[str, str], str]) -> None:
    told = monitor("127.0.0.1:5556", "localhost")
    assert "<code>admin</code>" in told and "flower_password" in told
    assert environment.flower_password(environment.current()) not in told


def test_it_is_shown_to_staff_only(log_in: Callable[..., Client]) -> None:
    assert 'id="task-monitor"' not in log_in("ben").get("/admin/", follow=True).content.decode()
