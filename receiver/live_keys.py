"""The keys in the broker by which pictures are shown live; the pages use them too."""

from __future__ import annotations

LIFE_SECONDS = 10.0
"""So long a picture is shown after it came."""
WATCHED = "librarian:live:watched"
"""Kept alive by the pages while somebody looks."""


def list_key(receiver_id: str) -> str:
    """What a receiver shows: a JSON list of the facts of each picture."""
    return f"librarian:live:{receiver_id}:list"


def picture_key(receiver_id: str, slot: str) -> str:
    """The JPEG of one of them."""
    return f"librarian:live:{receiver_id}:picture:{slot}"
