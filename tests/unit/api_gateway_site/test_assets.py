"""The files that pages load."""

import gzip

from api_gateway.site.asset_files import assets

MOST_CSS = 8000
"""Bytes, compressed."""


def test_the_style_sheet_is_sent_without_its_comments() -> None:
    sheet = assets()["site.css"].content
    assert b"/*" not in sheet
    assert b"\n" not in sheet
    assert sheet.count(b"{") == sheet.count(b"}")
    assert b'content: ""' in sheet
    assert len(gzip.compress(sheet, 6)) < MOST_CSS - 400, "what the headers of its reply take"
