"""Answers of the MCP server keep within 8 kB, whatever the API sends."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from legis_cli.mcp_server.bounded_answers import MAX_BYTES, clipped, listed, single
from legis_cli.mcp_server.bounded_answers import Clip as C
from legis_cli.mcp_server.item_shapes import bill_item, change_entry

LONG = "ção" * 4_000
ACTION = {"date": "2024-01-01", "kind": "VOTED", "description": LONG, "documents": [{"url": LONG}] * 9}
ORGANIZATION = {"id": LONG, "code": LONG, "acronym": LONG, "name": LONG, "chamber": LONG}
BILL: dict[str, Any] = {
    **dict.fromkeys(("id", "identifier", "nickname", "title", "status", "status_text", "introduced_on", "url"), LONG),
    "in_progress": True,
    "latest_action": ACTION,
    "organization": ORGANIZATION,
    "sponsors": [{"name": LONG, "party": LONG, "state": LONG}] * 10,
    "authors_count": 500,
    "next_event": {"id": LONG, "location": LONG},
}
CHANGED = {"field": LONG, "old": [ORGANIZATION] * 50, "new": {name: ACTION for name in "abcdefghij"}}


def test_the_longest_bill_fits() -> None:
    assert len(single(bill_item(BILL), {}).encode()) <= MAX_BYTES
    text = listed([bill_item(BILL)], {})
    assert text is not None
    assert len(text.encode()) <= MAX_BYTES


def test_the_longest_change_fits() -> None:
    text = listed([change_entry({"seq": 1, "changes": [CHANGED] * 60})], {"next_after": 1})
    assert text is not None
    assert len(text.encode()) <= MAX_BYTES
    assert json.loads(text)["items"][0]["changes"][-1] == "… +59"


def test_many_long_bills_ask_for_fewer() -> None:
    assert listed([bill_item(BILL)] * 20, {}) is None


def test_a_short_answer_is_not_cut() -> None:
    assert json.loads(listed([{"text": "x" * 600}], {}) or "") == {"items": [{"text": "x" * 600}]}


@given(st.recursive(st.text() | st.integers() | st.none(), lambda one: st.lists(one) | st.dictionaries(st.text(), one)))
def test_a_cut_value_tells_that_it_is_cut(value: Any) -> None:
    cut = clipped(value, C(5, 2))
    assert clipped(cut, C(5, 3)) == cut  # no text is longer than told
    assert cut == value or "…" in json.dumps(cut, ensure_ascii=False)
