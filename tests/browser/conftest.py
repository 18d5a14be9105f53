"""A running system with sample data, and a browser that looks at its pages."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from browser.chromium import HOW, chromium, open_browser
from browser.sample import asking, held_votings, sample_system
from browser.table_of_pages import PAGES, Ask, Page
from e2e.conftest import Legis
from legis_launcher.servers.ports import free_port
from playwright.sync_api import Browser, BrowserContext

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ROOT / "build" / "browser-tools"
NODE = ROOT / "build" / "clients-venv" / "bin"

VOTINGS_TRIED = 10
"""How often votings are held for a page that the sample has nothing for."""


@pytest.fixture(scope="session")
def legis() -> Iterator[Legis]:
    """The system, as `make run` starts it."""
    with sample_system() as system:
        yield system


@pytest.fixture(scope="session")
def site(legis: Legis) -> str:
    """The address of the pages."""
    return legis.state.site_url


@pytest.fixture(scope="session")
def ask(legis: Legis) -> Ask:
    """Asks the API, once the sample is read and has what each row shows; votings that it lacks are held."""
    get = asking(legis)
    for page in PAGES:
        for _ in range(VOTINGS_TRIED):
            if _soon(lambda page=page: page.found(get)):
                break
            held_votings(legis)
        legis.until(lambda page=page: page.found(get), 120, f"something to show on the page {page.name!r}")
    return get


def _soon(condition: Callable[[], object]) -> bool:
    """Whether it is true at once, or while votings that were held just now are read."""
    deadline = time.monotonic() + 15
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.5)
    return True


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium."""
    if chromium() is None:
        pytest.fail(HOW)
    with open_browser() as opened:
        yield opened


@pytest.fixture
def windows(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """`windows(color_scheme="dark")`: a window with these settings, closed after the test whatever comes of it."""
    opened: list[BrowserContext] = []

    def window(**settings: Any) -> BrowserContext:
        opened.append(browser.new_context(**settings))
        opened[-1].set_default_timeout(30_000)
        return opened[-1]

    yield window
    for one in opened:
        one.close()


@pytest.fixture
def context(windows: Callable[..., BrowserContext]) -> BrowserContext:
    """A wide window."""
    return windows(viewport={"width": 1440, "height": 900})


@pytest.fixture(scope="session")
def axe() -> str:
    """The script of axe."""
    return (TOOLS / "node_modules" / "axe-core" / "axe.min.js").read_text()


@pytest.fixture(scope="session")
def address(site: str, ask: Ask) -> Any:
    """`address(page)`, `address(page, "en")`: where a row of the table is."""
    known: dict[str, str] = {}

    def of(page: Page, language: str = "pt") -> str:
        if page.name not in known:
            path = page.found(ask)
            assert path is not None, page.name
            known[page.name] = path
        path = known[page.name]
        return f"{site}{'/en' if language == 'en' else ''}{path}".replace("/en/?", "/en?")

    return of


@pytest.fixture(scope="session")
def lonely_site(closed_port: int) -> Iterator[str]:
    """The pages in front of an API that is not there."""
    port = free_port()
    settings = {"SITE_PORT": str(port), "API_URL": f"http://127.0.0.1:{closed_port}"}
    process = subprocess.Popen([sys.executable, "-m", "api_gateway.site"], env={**os.environ, **settings})
    address = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 120
        while not _answers(f"{address}/health/live"):
            assert time.monotonic() < deadline
            assert process.poll() is None
            time.sleep(0.2)
        yield address
    finally:
        process.terminate()
        process.wait(30)


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=2):
            return True
    except (OSError, urllib.error.URLError):
        return False


def html_errors(html: str) -> str:
    """What html-validate says of a document; empty where it has no error."""
    command = [TOOLS / "node_modules/.bin/html-validate", "--config", TOOLS / "htmlvalidate.json", "--stdin"]
    done = subprocess.run(
        command,
        input=html,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={"PATH": f"{NODE}:/usr/bin:/bin"},
    )
    return "" if done.returncode == 0 else done.stdout + done.stderr
