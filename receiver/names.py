"""What a camera calls itself and says, made harmless: nothing here can forge a log line or leave a folder."""

from __future__ import annotations

MOST_NODE = 64
MOST_VIEW = 128
MOST_LABEL_BYTES = 190  # leaves room for the date, the time and the ending in a file name of 255 bytes


def clean(text: str) -> str:
    """`text` with `_` for every character that cannot be printed: NUL, newlines, escapes, lone surrogates."""
    return text if text.isprintable() else "".join(char if char.isprintable() else "_" for char in text)


def name_piece(text: str) -> str:
    """A node's or view's name as it may be part of a file name: no separators, no leading dots."""
    safe = text.strip().replace("/", "_").replace("\\", "_")
    bare = safe.lstrip(".")
    return "_" * (len(safe) - len(bare)) + bare


def split_name(first_field: str) -> tuple[str, str]:
    """Node and view of `Node View`, split at the first blank; the view may be ""."""
    node, _, view = first_field.strip().partition(" ")
    return name_piece(node), name_piece(view)


def file_label(node: str, view: str) -> str:
    """The first part of a picture's file name, as imagehub writes it: blanks become `-`."""
    return (f"{node} {view}" if view else node).replace(" ", "-")


def fits(node: str, view: str) -> bool:
    """Whether a node and a view are short enough for the index and for a file name."""
    label = file_label(node, view)
    return 0 < len(node) <= MOST_NODE and len(view) <= MOST_VIEW and len(label.encode()) <= MOST_LABEL_BYTES
