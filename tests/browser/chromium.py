"""Finds Chromium, and opens it the same way for every test and picture."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
HOW = "no Chromium: install Debian's (apt-get install chromium), or name one in LEGIS_CHROMIUM"
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")


def chromium() -> Path | None:
    """The program; None where there is none."""
    named = os.environ.get("LEGIS_CHROMIUM")
    found = named or next((path for name in NAMES if (path := shutil.which(name))), None)
    return Path(found) if found else None


@contextmanager
def open_browser() -> Iterator[Browser]:
    """The browser, without a window. Raises RuntimeError where there is none."""
    program = chromium()
    if program is None:
        raise RuntimeError(HOW)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()
