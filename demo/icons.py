"""`python -m demo.icons`: draws the PNG icons of the installed site from the one SVG, with Chromium.

The maskable ones have no round corners and stay inside the middle 80 percent, whatever shape a system cuts out of them
(W3C, Web Application Manifest, safe zone). It wants what `demo.screenshots` wants.
"""

from __future__ import annotations

import os
from pathlib import Path

from demo.screenshots import browser_program
from environment import BASE_DIR

FOLDER = BASE_DIR / "web" / "static" / "web" / "img"
GROUND = "#0b6e69"
SAFE = 0.8
ICONS = {"icon-192": 192, "icon-512": 512, "icon-maskable-192": 192, "icon-maskable-512": 512, "icon-180": 180}


def main() -> None:
    """Draw all icons."""
    from playwright.sync_api import sync_playwright

    program = browser_program()
    drawing = (FOLDER / "favicon.svg").read_text(encoding="utf-8")
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox"] if os.getuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=program, args=arguments)
        for name, size in ICONS.items():
            page = browser.new_page(viewport={"width": size, "height": size})
            page.set_content(document(drawing, size, whole=name in {"icon-192", "icon-512"}))
            target: Path = FOLDER / f"{name}.png"
            page.screenshot(path=target, omit_background=True)
            print(f"{target} {target.stat().st_size} bytes", flush=True)
        browser.close()


def document(drawing: str, size: int, whole: bool) -> str:
    """A page that is the icon: the drawing to its edges, or its ground to the edges and the drawing inside."""
    inner = size if whole else round(size * SAFE)
    ground = "transparent" if whole else GROUND
    style = (
        f"body{{margin:0;display:grid;place-items:center;height:{size}px;background:{ground}}}svg{{width:{inner}px}}"
    )
    return f"<!doctype html><style>{style}</style>{drawing}"


if __name__ == "__main__":
    main()
