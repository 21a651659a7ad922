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


@dataclass(frozen=True, slots=True)
class Item:
    """A link of the navigation."""

    url: str
    text: str
    icon: str
    key: str
    current: bool


SECTIONS = (
    Section("web:home", "Home", "home", "h", ("web:home",)),
    Section("web:gallery", "Gallery", "grid", "g", ("web:gallery", "web:image")),
    Section("web:visits", "Visits", "visits", "v", ("web:visit",)),
    Section("web:events", "Events", "events", "e", ("web:event",)),
    Section("web:plates", "Plates", "plates", "p", ("web:plate", "web:sighting", "web:reading")),
    Section("web:cameras", "Cameras", "cameras", "c", ("web:camera", "web:node", "web:live")),
)


def items(request: HttpRequest) -> list[Item]:
    """The links, without those whose pages this site does not have."""
    here = request.resolver_match.view_name if request.resolver_match else ""
    return [
        Item(url, one.text, one.icon, one.key, here.startswith(one.members))
        for one in SECTIONS
        if (url := address(one.name))
    ]


def address(name: str) -> str:
    """Where a page is, or nothing where there is no such page."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
