"""Which pages stand in the header, and to which of them another page belongs."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse


@dataclass(frozen=True, slots=True)
class Section:
    """One page of the navigation."""

    name: str
    """The address's name."""
    text: str
    icon: str
    key: str
    members: tuple[str, ...]
    """How the names of the addresses begin that belong to it."""
    desk_only: bool = False
    """A phone's bar has no room for it; the first page and the account's menu lead there."""


@dataclass(frozen=True, slots=True)
class Item:
    """A link of the navigation."""

    url: str
    text: str
    icon: str
    key: str
    current: bool
    desk_only: bool = False


SECTIONS = (
    Section("web:home", "Home", "home", "h", ("web:home",)),
    Section("web:gallery", "Gallery", "grid", "g", ("web:gallery", "web:image")),
    Section("web:visits", "Visits", "visits", "v", ("web:visit",)),
    Section("web:events", "Events", "events", "e", ("web:event",)),
    Section("web:plates", "Plates", "plates", "p", ("web:plate", "web:sighting", "web:reading")),
    Section("web:wall", "Wall", "wall", "w", ("web:wall",), desk_only=True),
    Section("web:cameras", "Cameras", "cameras", "c", ("web:camera", "web:node", "web:live")),
    Section("web:alerts", "Alerts", "bell", "m", ("web:alert",), desk_only=True),
    Section("web:statistics", "Statistics", "chart", "n", ("web:statistics",), desk_only=True),
)


def items(request: HttpRequest) -> list[Item]:
    """The links, without those whose pages this site does not have."""
    here = request.resolver_match.view_name if request.resolver_match else ""
    return [
        Item(url, one.text, one.icon, one.key, here.startswith(one.members), one.desk_only)
        for one in SECTIONS
        if (url := address(one.name))
    ]


def address(name: str) -> str:
    """Where a page is, or nothing where there is no such page."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
