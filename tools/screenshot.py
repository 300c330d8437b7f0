"""Picture of a page in headless Chromium, for the README: ``python -m tools.screenshot brief/index.html docs/images/brief.png``.

The page is opened from the file with the network switched off. Console errors end the tool with exit code 1.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


def chromium() -> str:
    """Path of the installed Chromium; raises ``SystemExit`` when there is none."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        raise SystemExit("no chromium here: install Debian's chromium package")
    return found


def take(page_path: Path, image: Path, *, width: int, height: int, full: bool, pdf: Path | None) -> list[str]:
    """Write the picture (PNG), and the page as PDF when asked; returns the console errors."""
    from playwright.sync_api import sync_playwright

    errors: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        context = browser.new_context(viewport={"width": width, "height": height}, offline=True)
        page = context.new_page()
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(page_path.resolve().as_uri())
        page.wait_for_timeout(1500)
        image.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(image), full_page=full)
        if pdf is not None:
            page.pdf(path=str(pdf), format="A4", prefer_css_page_size=True, print_background=True)
        browser.close()
    return errors


def main() -> int:
    """Read the command line, take the picture, report errors of the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("page", type=Path)
    parser.add_argument("image", type=Path)
    parser.add_argument("--width", type=int, default=1280)
    parser.add_argument("--height", type=int, default=1240)
    parser.add_argument("--full", action="store_true", help="the whole page, not only its head")
    parser.add_argument("--pdf", type=Path, help="print the page to this file as well")
    chosen = parser.parse_args()
    errors = take(chosen.page, chosen.image, width=chosen.width, height=chosen.height, full=chosen.full, pdf=chosen.pdf)
    for error in errors:
        print(f"console error: {error}", file=sys.stderr)
    print(f"{chosen.image} ({chosen.image.stat().st_size / 1000:.0f} kB)")
    return 1 if errors else 0


if __name__ == "__main__":
    raise SystemExit(main())
