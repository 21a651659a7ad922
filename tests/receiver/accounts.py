"""What cameras were promised, against what is there: files, records, rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from .conftest import Receiver
from .indexing import Index
from .sending import Cameras, content


@dataclass(frozen=True)
class Accounts:
    """What is wrong, by name; all of it empty when nothing is."""

    acknowledged: int
    lost: set[str] = field(default_factory=set)
    """Acknowledged texts without a record, recorded pictures without a file, records without a row."""
    doubled: list[str] = field(default_factory=list)
    """Texts, ids and paths of several records or rows."""
    incomplete: list[str] = field(default_factory=list)
    """Files that are not what was sent."""
    unrecorded: list[str] = field(default_factory=list)
    """Complete files that no record names; nobody was promised any of them."""

    def assert_balanced(self) -> None:
        """Fail when something is wrong."""
        assert self.acknowledged
        assert not (self.lost or self.doubled or self.incomplete), self


def accounts(receiver: Receiver, sent: Cameras, index: Index | None = None) -> Accounts:
    """Compare; with an index, once that has everything."""
    payloads = [record.payload for record in receiver.records()]
    pictures = {one["path"]: one["text"] for one in payloads if one["kind"] == "image"}
    acknowledged, texts = set(sent.acknowledged), [one["text"] for one in payloads]
    files = {str(path.relative_to(receiver.data)): path.read_bytes() for path in receiver.pictures()}
    unrecorded = sorted(files.keys() - pictures.keys())
    lost = (acknowledged - set(texts)) | (pictures.keys() - files.keys())
    lost |= {path for path in unrecorded if text_of(files[path]) in acknowledged}
    doubled = twice(texts) + twice(one["id"] for one in payloads) + twice(recorded_paths(payloads))
    incomplete = [path for path in files if files[path] != content(pictures.get(path, text_of(files[path])))]
    if index:
        images, events = index.images(), index.events()
        rows = [*events, *(key for key, _ in images)]
        lost |= {one["id"] for one in payloads} - set(rows)
        doubled += (
            twice(rows) + twice(path for _, path in images) + sorted({path for _, path in images} - set(pictures))
        )
    return Accounts(len(sent.acknowledged), lost, doubled, incomplete, unrecorded)


def recorded_paths(payloads: Iterable[dict[str, Any]]) -> list[str]:
    """The path of each record of a picture."""
    return [one["path"] for one in payloads if one["kind"] == "image"]


def text_of(picture: bytes) -> str:
    """The text that a picture of ours was sent with."""
    return picture.partition(content("")[:-20_000])[2].rstrip(b"\0").decode(errors="replace")


def twice(names: Iterable[str]) -> list[str]:
    """Those that are there more than once."""
    return [name for name, count in Counter(names).items() if count > 1]
