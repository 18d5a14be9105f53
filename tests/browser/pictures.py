"""`make screenshots`: the two pictures of README.md, and the one that shared links show; both from sample data."""

from pathlib import Path

from browser.chromium import open_browser
from browser.sample import asking, sample_system
from browser.table_of_pages import bill_of_both_houses
from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "docs" / "pictures"
SHARE = ROOT / "services/api-gateway/src/api_gateway/site/assets/share.png"
SHARE_PAGE = """<!doctype html><html lang="pt-BR"><meta charset="utf-8"><title>Legis</title><style>
body { margin: 0; width: 1200px; height: 630px; background: #fbfaf6; color: #1a1b1e; display: grid;
  align-content: center; box-sizing: border-box; padding: 0 90px; gap: 36px;
  font-family: Georgia, "Liberation Serif", serif; }
svg { width: 300px; height: 150px; }
h1 { font-size: 92px; margin: 0; letter-spacing: -2px; }
p { font: 36px/1.4 "Liberation Sans", Arial, sans-serif; margin: 0; color: #4a4b50; }
b { background: #ffe58a; font-weight: 400; }
</style><svg viewBox="0 2 40 20">
<path d="M2 19c.6-4 3.7-6.5 7.5-6.5s6.9 2.5 7.5 6.5z" fill="#1e4c9a"/>
<path d="M23.5 12.5h15c-.6 4-3.7 6.5-7.5 6.5s-6.9-2.5-7.5-6.5z" fill="#14633f"/>
<path d="M18.3 2h1.6v17h-1.6zM20.9 2h1.6v17h-1.6zM1 20.5h38v1.5H1z"/></svg>
<h1>Legis</h1>
<p>O Congresso Nacional, projeto por projeto:<br>onde está, <b>o que mudou</b>, o que vem a seguir.</p></html>"""


def main() -> None:
    """Writes the pictures."""
    PICTURES.mkdir(exist_ok=True)
    with open_browser() as browser:
        _share(browser)
        with sample_system() as system:
            ask = asking(system)
            _taken(browser, f"{system.state.site_url}/?q=saude&type=PL&sort=relevance", PICTURES / "search.png")
            bill = system.until(lambda: bill_of_both_houses(ask), what="a bill of both houses")
            _taken(browser, f"{system.state.site_url}{bill}", PICTURES / "bill.png")


def _share(browser: Browser) -> None:
    tab = browser.new_page(viewport={"width": 1200, "height": 630})
    tab.set_content(SHARE_PAGE)
    tab.screenshot(path=SHARE)


def _taken(browser: Browser, address: str, file: Path) -> None:
    tab = browser.new_page(viewport={"width": 1200, "height": 750})
    tab.goto(address)
    tab.screenshot(path=file)


if __name__ == "__main__":
    main()
