import gzip
import re
from pathlib import Path

from api_gateway.site.asset_files import assets
from api_gateway.site.pages.design_page import Token, design_view, tokens_of
from api_gateway.site.rendering import Shown, html_of
from api_gateway.site.visit import Visit

ROOT = Path(__file__).parents[3]
MOST_CSS = 8000
"""Bytes, compressed."""

_ROW = re.compile(r"^\| `--([a-z0-9-]+)` \| `([^`]+)` \| (?:`([^`]+)`)? ?\| (.+) \|$", re.MULTILINE)
_THEME = ROOT / "services/api-gateway/src/api_gateway/web/static/theme.css"
_MAIL_PAGES = ROOT / "services/api-gateway/src/api_gateway/web/routes/subscribers/plain_page.py"
_OF_NGINX = (ROOT / "deploy/nginx/maintenance.html", ROOT / "deploy/nginx/too-many.html")


def own() -> dict[str, Token]:
    return {one.name: one for one in tokens_of(assets()["site.css"].content.decode())}


def test_the_page_has_every_token_of_the_style_sheet_and_no_other() -> None:
    rows = {
        name: Token(name, light, dark) for name, light, dark, _ in _ROW.findall((ROOT / "docs/design.md").read_text())
    }
    assert rows == own()


def test_the_apis_own_pages_and_maintenance_have_the_same_tokens() -> None:
    for path in (_THEME, *_OF_NGINX, _MAIL_PAGES):
        text = path.read_text("utf-8").replace("\\\n", "")
        assert "system-ui" not in text
        found = tokens_of(text)
        assert found
        for one in found:
            assert one == own()[one.name], f"{path.name}: --{one.name}"


def test_every_token_that_a_style_uses_is_defined() -> None:
    css = assets()["site.css"].content.decode()
    assert set(re.findall(r"var\(--([a-z0-9-]+)", css)) <= set(own())


def test_the_living_page_shows_every_component(visit: Visit) -> None:
    shown = Shown("design.html", design_view(visit), "T")
    html = html_of(visit, shown, {"/", "/status", "/legislators/{legislator_id}"}, offers_mail=True)
    for part in ("fresh", "bills", "pager", "facets", "journey", "line", "hemi", "parties", "sq", "quartiles"):
        assert re.search(rf'class="{part}[" ]', html), part
    for said in ('id="seguir"', "Cancelada", "Parecer pela aprovação."):
        assert said in html
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    page = (ROOT / "docs/design.md").read_text()
    named = re.findall(r"^\| [a-z ]+ \| `(?:parts/|marks|bills|charts/|records/)", page, re.MULTILINE)
    assert len(named) >= 21


def test_the_living_page_shows_every_family_of_pills(visit: Visit) -> None:
    view = design_view(visit)
    assert {one.shape for one in view.pills} == {"go", "soon", "ok", "stop", "unk"}
    assert {one.shape for one in view.states} == {"ok", "warn", "bad"}
    assert {one.name for one in view.tokens} == set(own())


def test_the_style_sheet_is_sent_without_its_comments() -> None:
    sheet = assets()["site.css"].content
    assert b"/*" not in sheet
    assert b"\n" not in sheet
    assert sheet.count(b"{") == sheet.count(b"}")
    assert b'content: ""' in sheet
    assert len(gzip.compress(sheet, 6)) < MOST_CSS - 400, "what the headers of its reply take"
