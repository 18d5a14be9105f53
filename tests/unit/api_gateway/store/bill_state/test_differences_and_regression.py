"""The pure parts of the writer: hashes, histories, differences, and time that goes back."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from api_gateway.documents import render
from api_gateway.store.bill_state.diff import diff, history_change
from api_gateway.store.bill_state.regression import confirmed, is_older, source_at
from api_gateway.store.bill_state.rendered_histories import History
from api_gateway.store.bill_state.stored_fingerprints import EMPTY, Fingerprint, record_hash
from hypothesis import given
from hypothesis import strategies as st
from legis.domain.bill import Action, Bill
from legis.domain.fingerprint import canonical_hash, fold_blanks

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
DAY = timedelta(days=1)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


def bill(**claims: Any) -> Bill:
    return Bill(source="camara", upstream_id="1", **claims)


def said(one: Bill) -> dict[str, Any]:
    return render.dump_sparse(one)


@given(st.dictionaries(st.text(max_size=4), json_values, max_size=4))
def test_the_quick_hash_is_the_canonical_one(value: dict[str, Any]) -> None:
    """The short cut around folding must never be taken where folding would change something."""
    shown = {name: item for name, item in value.items() if name not in ("extras", "upstream_updated_at")}
    folded = orjson.dumps(fold_blanks(shown), option=orjson.OPT_SORT_KEYS)
    assert canonical_hash(shown) == hashlib.sha256(folded).hexdigest()
    assert canonical_hash(shown).startswith(record_hash(value))


@pytest.mark.parametrize(
    "blank", [" ", "\t", "\n", "\r\n", "\x0b", "\x1c", "\x85", "\xa0", "\u2003", "\u2028", "\u3000"]
)
def test_blanks_do_not_count(blank: str) -> None:
    plain = record_hash(said(bill(title="a b")))
    for title in (f"a{blank}b", f"a {blank} b", f"{blank}a b", f"a b{blank}"):
        assert record_hash(said(bill(title=title))) == plain, repr(title)


def test_what_was_not_seen_and_what_says_nothing_hash_the_same() -> None:
    sparse = bill(title="t", organization={"acronym": "X"})
    full = bill(title="t", organization={"acronym": "X", "name": None}, nickname=None, keywords=[], status="UNKNOWN")
    assert record_hash(said(sparse)) == record_hash(said(full))
    assert record_hash(said(bill(title="t", extras={"a": 1}, upstream_updated_at=NOW))) == record_hash(
        said(bill(title="t"))
    )
    assert record_hash(said(bill(title="u"))) != record_hash(said(bill(title="t")))


def test_a_fingerprint_can_be_read_back() -> None:
    made = Fingerprint("aa", EMPTY, "cc")
    assert Fingerprint.parse(str(made)) == made


def actions(*orders: int | None) -> list[Action]:
    return [Action(date=f"2024-01-{(o or 9):02d}", order=o, kind="OTHER") for o in orders]


def test_histories_are_the_same_in_any_order_of_telling() -> None:
    one, other = History.of("actions", actions(3, 1, 2)), History.of("actions", actions(2, 3, 1))
    assert one.hash == other.hash
    assert [orjson.loads(item)["order"] for item in one.items] == [1, 2, 3]
    assert History.of("actions", []).hash == EMPTY
    again = History("actions", one.items, one.hash)
    assert again.entries == one.entries
    assert History.of("actions", again.entries).hash == one.hash


def test_entries_without_a_sequence_go_by_their_day() -> None:
    days = [{"date": d, "kind": "OTHER"} for d in ("2024-03-01", None, "2024-01-01")]
    history = History.of("actions", [Action(**day) for day in days])
    assert [entry.date and entry.date.month for entry in history.entries] == [None, 1, 3]


def test_differences_are_told_and_can_be_folded_back() -> None:
    old: dict[str, Any] = {
        "title": "a",
        "status": "X",
        "urn_lex": None,
        "extras": {},
        "keywords": ["k"],
        "abstract": "x  y",
    }
    new = {"title": "b", "status": "X", "urn_lex": "urn", "extras": {"n": 1}, "keywords": [], "abstract": "x y"}
    found = diff(old, new)
    assert found.fields == ["title", "keywords"]
    assert found.changes[0] == {"field": "title", "old": "a", "new": "b"}
    assert {**new, **found.before} == old


def test_history_changes_name_only_what_went_and_came() -> None:
    change = history_change("camara", "actions", ['{"a":1}', '{"a":2}', '{"a":2}'], ['{"a":2}', '{"a":3}'])
    assert change == {"field": "actions", "old": [{"a": 1}, {"a": 2}], "new": [{"a": 3}]}
    assert history_change("camara", "actions", ["1", "2"], ["2", "1"]) is None


def test_organizations_in_changes_of_histories_have_their_ids() -> None:
    entry = '{"organization":{"code":"2003","acronym":"CCJC"}}'
    change = history_change("camara", "actions", [entry], [])
    assert change is not None
    assert change["old"] == [{"organization": {"id": "camara-org-2003", "code": "2003", "acronym": "CCJC"}}]


def latest(day: str, at: datetime | None = None) -> dict[str, Any]:
    return {"latest_action": {"date": day, "at": at, "kind": "OTHER"}}


@pytest.mark.parametrize(
    ("stored", "observed", "back"),
    [
        ({"upstream_updated_at": NOW}, {"upstream_updated_at": NOW - DAY}, True),
        ({"upstream_updated_at": NOW}, {"upstream_updated_at": NOW}, False),
        ({"upstream_updated_at": NOW}, latest("2026-11-01"), False),
        ({"upstream_updated_at": NOW, **latest("2026-11-19")}, latest("2026-11-18"), True),
        (latest("2026-11-19"), latest("2026-11-19", NOW - DAY), False),
        (latest("2026-11-20", NOW), latest("2026-11-20", NOW - timedelta(seconds=1)), True),
        (latest("2031-01-01"), latest("2026-11-19"), False),
        (latest("2026-11-19"), {"title": "no dates"}, False),
        ({"upstream_updated_at": NOW + 30 * DAY}, {"upstream_updated_at": NOW}, False),
    ],
)
def test_like_is_compared_with_like(stored: Any, observed: Any, back: bool) -> None:
    assert is_older(bill(**stored), bill(**observed), NOW) is back


def test_source_time_is_the_newest_that_is_not_in_the_future() -> None:
    assert source_at(bill(upstream_updated_at=NOW + 30 * DAY, **latest("2026-11-19", NOW - DAY)), NOW) == NOW - DAY
    assert source_at(bill(), NOW) is None


def test_confirmation_needs_its_time() -> None:
    assert not confirmed(None, NOW, 0)
    assert not confirmed(NOW, NOW + timedelta(seconds=59), 60)
    assert confirmed(NOW, NOW + timedelta(seconds=60), 60)
