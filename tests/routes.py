"""Every address that the site answers, as its resolver knows them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, product, zip_longest

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

ARGUMENT = re.compile(r"<(?:[^:>]+:)?([^>]+)>")
GROUP = re.compile(r"\(\?P<(\w+)>[^)]*\)")


@dataclass(frozen=True, slots=True)
class Route:
    """One pattern with everything above it: `images/<int:image_id>/`, and its name with that of its app."""

    path: str
    name: str

    @property
    def arguments(self) -> tuple[str, ...]:
        """The names of what varies, in their order."""
        return tuple(ARGUMENT.findall(self.path))

    def addresses(self, values: Mapping[str, Sequence[object]]) -> list[str]:
        """The addresses with every combination of these values of the arguments."""
        between = re.split(r"<[^>]+>", self.path)
        chosen = product(*(values[name] for name in self.arguments))
        return ["/" + "".join(chain(*zip_longest(between, map(str, one), fillvalue=""))) for one in chosen]


def routes() -> list[Route]:
    """All of them, those of the admin and of included apps too."""
    return list(walk(get_resolver().url_patterns, "", ""))


def walk(patterns: Sequence[URLPattern | URLResolver], path: str, space: str) -> Iterator[Route]:
    """The routes below a place of the resolver."""
    for one in patterns:
        here = path + written(one)
        if isinstance(one, URLResolver):
            yield from walk(one.url_patterns, here, f"{space}{one.namespace}:" if one.namespace else space)
        else:
            yield Route(here, space + (one.name or ""))


def written(pattern: URLPattern | URLResolver) -> str:
    """The pattern as `path()` writes it, also where it is a regular expression."""
    text = str(pattern.pattern)
    if isinstance(pattern.pattern, RoutePattern):
        return text
    return GROUP.sub(r"<\1>", text).removeprefix("^").removesuffix("$")
