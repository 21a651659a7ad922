"""What pages cost: `python -m benchmarks.pages [--pictures FOLDER]`; without a folder, of the demo's scenes."""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks import pages_queries
from benchmarks.figures import Bound, finish
from tests.harness import PICTURES

BOUNDS = {
    "queries_max": Bound(at_most=12),
    "first_view_kb": Bound(at_most=600),
    "js_kb": Bound(at_most=60),
}


def main() -> None:
    """Measure everything and print the figures."""
    parser = argparse.ArgumentParser(prog="benchmarks.pages", description="Queries and weights of the pages.")
    parser.add_argument("--pictures", type=Path, default=PICTURES, help="folder of JPEGs for the gallery")
    pictures = parser.parse_args().pictures
    print("queries of every page, with many rows", flush=True)
    measured = pages_queries.measure()
    print(f"the gallery on a phone, with pictures of {pictures}", flush=True)
    from benchmarks import pages_browser

    finish("pages", measured | pages_browser.measure(pictures), BOUNDS)


if __name__ == "__main__":
    main()
