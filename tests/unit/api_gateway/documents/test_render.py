"""Rendered bytes are what the public models promise."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import orjson
import pytest
from api_gateway.documents import render
from api_gateway.documents.derive import derive
from api_gateway.documents.models import BillDetail, BillSummary, Change
from hypothesis import given
from hypothesis import strategies as st
from legis.domain.bill import Bill

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
STAMP = render.Stamp(3, 41, NOW, NOW + timedelta(seconds=1, microseconds=5))

texts = st.text(max_size=30)
bills = st.builds(
    Bill,
    source=st.sampled_from(["camara", "senado"]),
    upstream_id=st.text(min_size=1, max_size=10),
    title=st.none() | texts,
    identifier=texts,
    type_code=st.text(max_size=10),
    number=st.none() | st.integers(0, 2**31 - 1),
    year=st.none() | st.integers(0, 9999),
    keywords=st.lists(texts, max_size=3),
    introduced_at=st.none() | st.datetimes(timezones=st.just(UTC)),
    latest_action=st.none()
    | st.fixed_dictionaries({"date": st.none() | st.dates(), "kind": st.just("OTHER"), "description": texts}),
    sponsorships=st.lists(
        st.fixed_dictionaries(
            {
                "name": texts,
                "role": st.just("AUTHOR"),
                "kind": st.just("OTHER"),
                "order": st.none() | st.integers(0, 20),
                "party": st.none() | texts,
                "state": st.none() | st.just("SP"),
                "legislator_id": st.none() | st.just("7"),
            }
        ),
        max_size=12,
    ),
    extras=st.dictionaries(texts, texts, max_size=2),
)


def parts(bill: Bill) -> tuple[dict[str, Any], Any]:
    derived = derive(bill, seen_at=NOW)
    return render.content(bill.id, render.dump_full(render.dump_sparse(bill)), derived), derived


@given(bills)
def test_any_bill_renders_to_a_valid_detail_and_summary(bill: Bill) -> None:
    content, derived = parts(bill)
    sealed = render.seal_document(render.document_body(content, []), STAMP)
    detail = BillDetail.model_validate_json(render.with_counterparts(sealed, []))
    summary = BillSummary.model_validate_json(render.seal_summary(render.summary_body(content, derived), STAMP))
    assert (detail.id, detail.title, detail.version, detail.change_seq) == (bill.id, bill.title, 3, 41)
    assert (summary.id, summary.authors_count, summary.change_seq) == (bill.id, len(bill.sponsorships), 41)
    assert len(summary.authors) == len(summary.sponsors) <= render.AUTHORS_SHOWN
    assert detail.changed_at == summary.changed_at == STAMP.changed_at


def reading(part: str) -> dict[str, Any]:
    return {
        "part": part, "url": "x", "fetched_at": "2026-11-20T12:00:00Z", "payload_sha256": "0", "parser_version": "1"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("parts_read", "flagged"),
    [
        (["LIST"], True),
        (["BULK", "LIST"], True),
        (["LIST", "VOTES"], True),
        (["DETAIL"], False),
        (["DETAIL", "LIST"], False),
    ],
)
def test_a_bill_of_which_no_details_were_read_says_so(parts_read: list[str], flagged: bool) -> None:
    own = {"code": "TITLE_MISSING", "field": "title"}
    content, _ = parts(Bill(source="senado", upstream_id="1", quality_flags=[own]))
    provenance = [reading(part) for part in parts_read]
    sealed = render.with_counterparts(render.seal_document(render.document_body(content, provenance), STAMP), [])
    codes = [flag.code.value for flag in BillDetail.model_validate_json(sealed).quality_flags]
    assert codes == ["TITLE_MISSING", *(["NOT_READ_WHOLE"] if flagged else [])]
    assert [flag["code"] for flag in content["quality_flags"]] == ["TITLE_MISSING"], "what is compared is left alone"


def test_fields_of_upstream_cannot_break_the_seal() -> None:
    bill = Bill(source="camara", upstream_id="1", extras={"change_seq": -1, "version": "}"}, title='","version":9}')
    content, _ = parts(bill)
    sealed = orjson.loads(render.seal_document(render.document_body(content, []), STAMP))
    assert (sealed["version"], sealed["change_seq"], sealed["title"]) == (3, 41, '","version":9}')
    assert "counterparts" not in sealed


def test_authors_come_in_the_order_of_signature() -> None:
    people = [{"name": f"n{o}", "role": "AUTHOR", "kind": "OTHER", "order": o} for o in (None, 3, 1, 2)]
    content, derived = parts(Bill(source="camara", upstream_id="1", sponsorships=people))
    assert orjson.loads(render.summary_body(content, derived) + b"}")["authors"] == ["n1", "n2", "n3", "nNone"]


def test_sponsors_of_a_list_item_have_party_and_state() -> None:
    people = [
        {"name": f"n{n}", "role": "AUTHOR", "kind": "LEGISLATOR", "order": n, "party": "MDB", "party_text": "PMDB",
         "state": "SP", "legislator_id": str(n)} for n in range(12, 0, -1)
    ]  # fmt: skip
    content, derived = parts(Bill(source="camara", upstream_id="1", sponsorships=people))
    shown = orjson.loads(render.summary_body(content, derived) + b"}")
    assert shown["sponsors"][:2] == [
        {"name": "n1", "party": "MDB", "state": "SP", "legislator_id": "camara-deputy-1"},
        {"name": "n2", "party": "MDB", "state": "SP", "legislator_id": "camara-deputy-2"},
    ]
    assert (len(shown["sponsors"]), shown["authors_count"], shown["parties"]) == (10, 12, ["MDB"])


def test_a_change_begins_with_its_seq() -> None:
    body = render.change_body("PL 1/2020", "camara", [{"field": "title", "old": None, "new": "x"}])
    sealed = render.seal_change(body, "camara-1", "EDITED", None, STAMP)
    change = Change.model_validate_json(sealed)
    assert sealed.startswith(b'{"seq":41,')
    assert (change.version, change.changes[0].new, change.identifier) == (3, "x", "PL 1/2020")


def test_a_removed_record_says_when() -> None:
    stamp = render.Stamp(1, 1, NOW, NOW, removed_at=NOW)
    assert orjson.loads(render.seal_summary(b'{"id":"x"', stamp))["removed_at"] == "2026-11-20T12:00:00Z"


def test_instants_are_utc_with_z() -> None:
    assert render.instant(datetime(2026, 1, 1, 9, tzinfo=timezone(timedelta(hours=-3)))) == "2026-01-01T12:00:00Z"
    assert render.instant(datetime(1, 1, 1, tzinfo=UTC)) == "0001-01-01T00:00:00Z"
