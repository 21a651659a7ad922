"""Part of a file, as RFC 9110, section 14 says: one range of bytes; several at once are answered with the whole."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import BinaryIO

from django.http import HttpRequest
from django.utils.http import parse_http_date_safe

ONE = re.compile(r"\s*bytes\s*=\s*(\d{0,18})\s*-\s*(\d{0,18})\s*", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Span:
    """The bytes from `first` to `last`, both included, of so many; where none of them is there, `first` is larger."""

    first: int
    last: int
    size: int

    @property
    def length(self) -> int:
        """How many bytes."""
        return self.last - self.first + 1

    @property
    def there(self) -> bool:
        """Whether the file has any of them."""
        return self.first <= self.last

    @property
    def header(self) -> str:
        """`Content-Range`."""
        return f"bytes {self.first}-{self.last}/{self.size}" if self.there else f"bytes */{self.size}"


def asked_span(request: HttpRequest, size: int, etag: str, changed: int) -> Span | None:
    """The part of a file that a request wants; None for the whole, also where it has a part of another version.

    `changed` is the time of its last change in seconds, as `Last-Modified` says it.
    """
    match = ONE.fullmatch(request.headers.get("Range", "")) if request.method == "GET" else None
    if not match or match.groups() == ("", "") or not is_same(request, etag, changed):
        return None
    first, last = match.groups()
    if not first:
        return Span(max(size - int(last), 0), size - 1, size) if int(last) else Span(0, -1, size)
    if last and int(last) < int(first):
        return None  # not a range
    begins = int(first)
    return Span(begins, min(int(last) if last else size, size - 1), size) if begins < size else Span(0, -1, size)


def is_same(request: HttpRequest, etag: str, changed: int) -> bool:
    """Whether the version whose part the browser has, if it says so (If-Range), is this one."""
    said = request.headers.get("If-Range", "").strip()
    if not said:
        return True
    return said == etag if '"' in said else parse_http_date_safe(said) == changed


class Part:
    """A file from its place on, up to so many bytes further; closes it."""

    def __init__(self, file: BinaryIO, length: int) -> None:
        self.file = file
        self.left = length

    def read(self, size: int = -1) -> bytes:
        """At most so many bytes; all that are left where it is negative."""
        data = self.file.read(self.left if size < 0 else min(size, self.left))
        self.left -= len(data)
        return data

    def close(self) -> None:
        """Close the file."""
        self.file.close()
