"""Open live walls: `python -m benchmarks.wall`.

A real site, twenty walls that ask as `wall.js` does, and pictures by real senders: how soon a wall has a picture, and
what pages take meanwhile. Beside it, the way that was not taken: walls that hold a connection each, for server-sent
events.
"""

from __future__ import annotations

import statistics
import tempfile
import threading
import time
from contextlib import ExitStack
from pathlib import Path

from benchmarks.figures import Bound, finish
from benchmarks.wall_asking import Browser, Wall
from benchmarks.wall_events import pages_beside_streams
from ingest.up.broker import free_port
from tests.harness import PICTURES, Installation, eventually, installation, private_env

WALLS, CAMERAS, SENT = 20, 20, 40
PASSWORD = "correct horse battery"
BOUNDS = {
    "told_ms_p95": Bound(at_most=1000),
    "page_ratio": Bound(at_most=4),
    "lost_pages": Bound(at_most=0),
}


def main() -> None:
    """Measure everything and print the figures."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with installation(folder, private_env(folder)) as site:
            jpeg = next(PICTURES.glob("*.jpg")).read_bytes()
            for number in range(CAMERAS):
                site.send(f"bench Camera{number}|jpg", jpeg)
            eventually(lambda: site.looked_at() == CAMERAS, 300)
            figures = measured(site, jpeg)
        print("  server-sent events, as many connections held open", flush=True)
        lost = pages_beside_streams(WALLS, free_port())
        print(f"  pages that got no answer within 5 s beside {WALLS} such walls: {lost} of 5", flush=True)
    finish("wall", figures, BOUNDS)


def measured(site: Installation, jpeg: bytes) -> dict[str, float]:
    """The figures of polling."""
    browser = Browser(site.web)
    browser.log_in("admin", site.password)
    alone = [browser.timed("/cameras/") for _ in range(20)]
    stop = threading.Event()
    with ExitStack() as stack:
        stack.callback(stop.set)
        walls = [Wall(site.web, browser.cookie, stop) for _ in range(WALLS)]
        for wall in walls:
            wall.start()
        time.sleep(5)
        browser.connection.close()  # gunicorn ends connections that are idle for two seconds
        beside, lost = [], 0
        for _ in range(20):
            try:
                beside.append(browser.timed("/cameras/"))
            except OSError:
                lost += 1
        told = [arrival(site, jpeg, number, walls) for number in range(SENT)]
        asked = sum(wall.asked for wall in walls)
    flat = sorted(one for wall in told for one in wall)
    usual = {"a page alone": alone, "beside the walls": beside, "until a wall has a picture": flat}
    said = ", ".join(f"{name} {statistics.median(times):.0f} ms" for name, times in usual.items())
    print(f"  {asked} questions; {said}, the slowest {flat[-1]:.0f} ms", flush=True)
    return {
        "told_ms_p95": flat[int(len(flat) * 0.95)],
        "page_ratio": statistics.median(beside) / statistics.median(alone),
        "lost_pages": float(lost),
    }


def arrival(site: Installation, jpeg: bytes, number: int, walls: list[Wall]) -> list[float]:
    """Milliseconds from sending a picture to every wall's having it."""
    before = [dict(wall.shown) for wall in walls]
    title = f"bench Camera{number % CAMERAS}"
    begun = time.monotonic()
    site.send(f"{title}|jpg", jpeg)
    found: dict[int, float] = {}
    while len(found) < len(walls) and time.monotonic() - begun < 20:
        for index, wall in enumerate(walls):
            known = wall.shown.get(title)
            if index not in found and known and known != before[index].get(title):
                found[index] = (known[1] - begun) * 1000
        time.sleep(0.005)
    assert len(found) == len(walls), "a wall was never told"
    return list(found.values())


if __name__ == "__main__":
    main()
