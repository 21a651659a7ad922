"""Plates with the keys and parts by which they are found, and what people noted of some."""

from __future__ import annotations

from plates.models import Plate, PlateKey, PlatePart
from plates.text import endings, keys

NOTED = 1000
"""People noted something of so many, in both databases, evenly from those that come most to those that came once."""
LISTS = ("known",) * 10 + ("watch",) * 4 + ("ignore",) + ("",) * 5
"""Of which lists twenty noted plates are."""
BATCH = 20_000


def plate_text(number: int) -> str:
    """A text of its own for each number below 17 million, scattered as those of neighbours' cars are."""
    left = number * 7_368_787 % 17_576_000
    letters = "".join(chr(65 + left // 26**place % 26) for place in range(3))
    return f"{letters}{left // 17576:03}{chr(65 + number % 26)}"


def notes(number: int, count: int) -> dict[str, str]:
    """What people noted of the n-th of so many plates."""
    place, left = divmod(number, count // NOTED)
    if left != count // NOTED // 2:
        return {}
    return {"owner": f"owner {number}", "list": LISTS[place * 7 % len(LISTS)]}


def make_plates(count: int) -> None:
    """Plates, numbered from 1."""
    for first in range(0, count, BATCH):
        numbers = range(first, min(first + BATCH, count))
        rows = [Plate(id=n + 1, text=plate_text(n), **notes(n, count)) for n in numbers]
        Plate.objects.bulk_create(rows, batch_size=5000)
        PlateKey.objects.bulk_create(
            (PlateKey(plate_id=row.pk, key=key) for row in rows for key in sorted(keys(row.text))), batch_size=10_000
        )
        PlatePart.objects.bulk_create(
            (PlatePart(plate_id=row.pk, text=text) for row in rows for text in endings(row.text)), batch_size=10_000
        )
