"""The browser: Debian's Chromium, driven by Playwright."""

from __future__ import annotations

import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome")

MISSING = (
    "The browser tests need Chromium. Install it with `sudo apt-get install chromium`, "
    "then run `make test` again."
)

ARGUMENTS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
"""It asks nothing of anybody but the page."""


def chromium() -> str | None:
    """Return the path of Chromium; None where there is none."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)
