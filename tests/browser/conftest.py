"""A running system with sample data, and a browser that looks at its pages."""

import json
import subprocess
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from browser.chromium import HOW, chromium, open_browser
from browser.table_of_pages import Ask, Page
from e2e.conftest import Legis, running
from playwright.sync_api import Browser, BrowserContext

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ROOT / "build" / "browser-tools"
NODE = ROOT / "build" / "clients-venv" / "bin"


@pytest.fixture(scope="session")
def legis() -> Iterator[Legis]:
    """The system, as `make run` starts it."""
    with running({}) as system:
        yield system


@pytest.fixture(scope="session")
def site(legis: Legis) -> str:
    """The address of the pages."""
    return legis.state.site_url


@pytest.fixture(scope="session")
def ask(legis: Legis) -> Ask:
    """Asks the API, once the sample is there."""

    def get(path: str) -> Mapping[str, Any]:
        with urllib.request.urlopen(legis.base_url + path, timeout=20) as reply:
            document: Mapping[str, Any] = json.load(reply)
            return document

    def filled() -> bool:
        return any(vote["bills"] for vote in get("/api/v1/vote-events?nominal=true&limit=100")["data"]) and any(
            get(f"/api/v1/bills/{bill['id']}")["data"]["counterparts"]
            for bill in get("/api/v1/bills?chamber=SENADO&limit=100")["data"]
        )

    legis.until(filled, 300, "a sample with a vote and a bill of both houses")
    return get


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
            known[page.name] = page.path if isinstance(page.path, str) else page.path(ask)
        path = known[page.name]
        return f"{site}{'/en' if language == 'en' else ''}{path}".replace("/en/?", "/en?")

    return of


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
