"""Changed or same: the hash of what a bill says."""

import string
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from legis.domain.bill import Action, Bill, Document, QualityFlag, Subject
from legis.domain.fingerprint import canonical_hash, fingerprint, fold_blanks
from legis.domain.merge import merge
from legis.domain.vocabulary import ActionKind, BillStatus, DocumentKind, QualityFlagCode, Source

WORDS = st.lists(st.text(string.ascii_letters + "çãé", min_size=1, max_size=6), min_size=1, max_size=6)
BLANKS = st.sampled_from([" ", "  ", "\r\n\r\n", "\n\r\n", "\t", "\xa0"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


def bill(**claims: Any) -> Bill:
    return Bill(source=Source.CAMARA, upstream_id="1", **claims)


@given(WORDS, st.lists(BLANKS, min_size=6, max_size=6))
def test_line_breaks_do_not_count(words: list[str], blanks: list[str]) -> None:
    spread = "".join(blank + word for word, blank in zip(words, blanks, strict=False)) + blanks[-1]
    assert fingerprint(bill(title=spread)) == fingerprint(bill(title=" ".join(words)))


@given(WORDS, WORDS)
def test_words_count(one: list[str], other: list[str]) -> None:
    alike = fingerprint(bill(title=" ".join(one))) == fingerprint(bill(title=" ".join(other)))
    assert alike == (one == other)


@given(JSON)
def test_the_order_of_keys_does_not_count(value: Any) -> None:
    def reversed_keys(item: Any) -> Any:
        if isinstance(item, dict):
            return {key: reversed_keys(item[key]) for key in reversed(item)}
        return [reversed_keys(one) for one in item] if isinstance(item, list) else item

    assert canonical_hash(reversed_keys(value)) == canonical_hash(value)
    assert fold_blanks(fold_blanks(value)) == fold_blanks(value)


@pytest.mark.parametrize(
    "volatile",
    [
        {"extras": {"x": 1}},
        {"upstream_updated_at": datetime(2026, 1, 1, tzinfo=UTC)},
        {"quality_flags": (QualityFlag(code=QualityFlagCode.TITLE_MISSING, field="title"),)},
    ],
)
def test_bookkeeping_does_not_count(volatile: dict[str, Any]) -> None:
    assert fingerprint(bill(title="Um", **volatile)) == fingerprint(bill(title="Um"))


@pytest.mark.parametrize(
    "fact",
    [
        {"title": "Dois"},
        {"number": 2},
        {"status": BillStatus.ENACTED},
        {"in_progress": False},
        {"conclusive": False},
        {"keywords": ("a", "b")},
        {"keywords": ("b", "a")},
        {"subjects": (Subject(name="Saúde"),)},
        {"introduced_at": datetime(2026, 1, 1, tzinfo=UTC)},
        {"actions": (Action(date=None, kind=ActionKind.OTHER),)},
    ],
)
def test_every_fact_counts(fact: dict[str, Any]) -> None:
    assert fingerprint(bill(**{"title": "Um", **fact})) != fingerprint(bill(title="Um"))


def test_what_was_never_seen_and_what_is_nothing_are_the_same() -> None:
    seen = bill(title="Um", nickname=None, keywords=(), status=BillStatus.UNKNOWN)
    assert fingerprint(seen) == fingerprint(bill(title="Um"))
    with_document = Action(date=None, kind=ActionKind.OTHER, documents=(Document(kind=DocumentKind.OTHER, url="u"),))
    full = with_document.model_copy(update={"documents": (Document(kind=DocumentKind.OTHER, url="u", title=None),)})
    assert fingerprint(bill(actions=(with_document,))) == fingerprint(bill(actions=(full,)))


def test_the_same_facts_by_list_and_by_detail() -> None:
    row = bill(title="Um  dois", number=3)
    detail = bill(title="Um\r\ndois", number=3, status=BillStatus.ENACTED)
    shared = ("title", "number")
    assert fingerprint(row, shared) == fingerprint(detail, shared)
    assert fingerprint(row) != fingerprint(detail)


def test_laying_a_list_row_over_its_detail_changes_nothing() -> None:
    stored = merge(None, bill(title="Um\r\ndois", number=3, status=BillStatus.ENACTED))
    merged = merge(stored, bill(title="Um dois", number=3, nickname=None))
    assert fingerprint(merged) == fingerprint(stored)
    assert fingerprint(merged, Bill.model_fields) == fingerprint(stored, Bill.model_fields)


def test_a_hash_is_stable_between_releases() -> None:
    """A different value here would make every stored bill look changed: never adjust it lightly."""
    value = fingerprint(bill(title="Um dois", number=3, keywords=("a",), status=BillStatus.ENACTED))
    assert value == "40928d722b274dff1ffe9486b6462cdb811e8cf13e161d4730670e44e8fd9935"
