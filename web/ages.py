"""How long ago something was, in few letters; `wall.js` says it alike."""

from __future__ import annotations

UNITS = ((86400, "d"), (3600, "h"), (60, "min"))


def age(seconds: float) -> str:
    """Whole units, the largest that fits: 12 s, 5 min, 3 h, 2 d. What clocks call the future is 0 s."""
    for size, unit in UNITS:
        if seconds >= size:
            return f"{int(seconds // size)} {unit}"
    return f"{max(int(seconds), 0)} s"
