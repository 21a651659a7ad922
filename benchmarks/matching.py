"""How long it takes to find a misread plate among very many: `python -m benchmarks.matching [--plates 50000]`.

The baseline, in the same run, compares the text with every plate. Half of the plates are of one region, whose texts are
alike, as those of a real place are.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import string
import tempfile
import time
from collections.abc import Callable
from functools import partial
from typing import TypeVar

import django

from benchmarks.figures import Bound, finish

T = TypeVar("T")
BOUNDS = {"matching_ratio": Bound(at_least=20), "matching_right": Bound(at_least=0.99)}
ASKED, WALKED = 300, 15
LOOK_ALIKES = {"0": "O", "O": "Q", "8": "B", "B": "8", "1": "I", "5": "S", "2": "Z", "V": "Y", "6": "G", "A": "4"}


def main() -> None:
    """Fill a database of its own, ask, and print the figures."""
    parser = argparse.ArgumentParser(prog="benchmarks.matching", description="Finding misread plates among many.")
    parser.add_argument("--plates", type=int, default=50_000)
    number = parser.parse_args().plates
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DATA_DIR": folder, "DATABASE_URL": "", "DJANGO_SETTINGS_MODULE": "librarian_project.settings"}
        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        some = random.Random(5)
        texts = fill(number, some)
        measured = measure(texts, some)
    finish("matching", measured, BOUNDS)


def plate(some: random.Random) -> str:
    """A text: three letters and four digits anywhere, or two letters, three digits and two letters of one region."""
    letters, digits = string.ascii_uppercase, string.digits
    if some.random() < 0.5:
        return "".join(some.choices(letters, k=3) + some.choices(digits, k=4))
    return "KV" + "".join(some.choices(digits, k=3) + some.choices(letters, k=2))


def fill(number: int, some: random.Random) -> list[str]:
    """Make so many plates with their keys."""
    from django.db import transaction

    from plates.models import Plate, PlateKey
    from plates.text import keys

    texts: set[str] = set()
    while len(texts) < number:
        texts.add(plate(some))
    with transaction.atomic():
        Plate.objects.bulk_create([Plate(text=text) for text in sorted(texts)], batch_size=2000)
        rows = Plate.objects.values_list("pk", "text")
        wanted = [PlateKey(plate_id=pk, key=key) for pk, text in rows for key in keys(text)]
        PlateKey.objects.bulk_create(wanted, batch_size=5000)
    print(f"{number:,} plates, {len(wanted):,} keys", flush=True)
    return sorted(texts)


def misread(text: str, some: random.Random) -> str:
    """The text with one character taken for one that looks like it, where it has such a one."""
    places = [place for place, one in enumerate(text) if one in LOOK_ALIKES]
    at = some.choice(places) if places else 0
    return text[:at] + LOOK_ALIKES.get(text[at], text[at]) + text[at + 1 :]


def measure(texts: list[str], some: random.Random) -> dict[str, float]:
    """matching_ratio: how many times faster than the walk; matching_right: the share that has the plate first."""
    from plates.likeness import distance
    from plates.matching import LIKE, near

    asked = [(text, misread(text, some)) for text in some.sample(texts, ASKED)]
    times, found = zip(*[timed(partial(near, [(wrong, 0.0)])) for _, wrong in asked], strict=True)
    first = [{other.text for price, other in one if price == one[0][0]} if one else set() for one in found]
    right = statistics.mean(text in best for (text, _), best in zip(asked, first, strict=True))

    def walk(wrong: str) -> set[str]:
        return {text for text in texts if distance.__wrapped__(wrong, text) <= LIKE}

    walks, walked = zip(*[timed(partial(walk, wrong)) for _, wrong in asked[:WALKED]], strict=True)
    for one, all_of_them in zip(found, walked, strict=False):
        assert {other.text for _, other in one} == all_of_them, "the keys missed a plate"
    middle, longest = (statistics.median(times) * 1000, statistics.quantiles(times, n=20)[-1] * 1000)
    print(f"  found in {middle:.2f} ms (median), {longest:.2f} ms (95 %); walk {statistics.median(walks):.2f} s")
    return {"matching_ratio": statistics.median(walks) / statistics.median(times), "matching_right": right}


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """The seconds that something takes, and what it gives."""
    started = time.perf_counter()
    result = work()
    return time.perf_counter() - started, result


if __name__ == "__main__":
    main()
