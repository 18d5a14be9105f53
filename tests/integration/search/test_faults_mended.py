"""Faults of the search engine that the model and the fuzz found, each by the smallest question that shows it."""

from datetime import UTC, date, datetime
from functools import partial
from typing import Any

import orjson
import pytest
from api_gateway.search.filtering.bill_filter import Sort
from api_gateway.search.filtering.filters import read_filter
from api_gateway.search.filtering.values import InvalidParameter
from api_gateway.search.language.query_nodes import AllOf, Not, Word
from api_gateway.search.language.text_query import read_text
from api_gateway.search.relevance import ranked_page
from api_gateway.search.results import Page, ordered_page
from api_gateway.search.suggestions import MAX_CORRECTED, correction, suggested_text
from api_gateway.web.params.cursor import decode_place, encode_place, question_hash
from api_gateway.web.params.list_request import PATH, list_question
from api_gateway.web.params.parameters import BillParameters
from search.small_index import plain_bill, state_of

BILLS = (
    plain_bill(1, "Dispõe sobre saúde."),
    plain_bill(2, "Dispõe sobre saúde e educação."),
    plain_bill(3, removed=True),
    plain_bill(4, "Dispõe sobre obras."),
)


def listed(**given: Any) -> list[str]:
    return _ids(ordered_page(state_of(BILLS), read_filter(given), Sort(), 10, None))


def ranked(q: str) -> list[str]:
    state = state_of(BILLS)
    return _ids(ranked_page(state, read_filter({"q": q}), 10, 0, partial(correction, state)).page)


def _ids(page: Page) -> list[str]:
    return sorted(orjson.loads(hit.summary)["id"] for hit in page.hits)


def test_a_removed_bill_is_not_found_by_its_label() -> None:
    assert listed(q="PL 3/2020") == listed(q="PL 3/2020", chamber=["CAMARA"]) == []
    assert listed(q="PL 1/2020") == ["camara-1"]
    assert "camara-3" not in ranked("PL 3/2020")
    assert listed(ids=["camara-3"]) == ["camara-3"]


def test_the_position_of_the_index_is_no_bill() -> None:
    assert listed(ids=["position"]) == []
    assert listed(ids=["position", "camara-1"]) == ["camara-1"]


def test_a_title_of_unwanted_words_is_no_exact_title() -> None:
    assert ranked("-saúde") == listed(q="-saúde") == ["camara-4"]
    assert ranked("saúde -educação") == ["camara-1"]


def test_only_the_first_word_behind_a_minus_is_unwanted_whatever_blank_follows() -> None:
    wanted = AllOf((Not(Word("educ", "educação")), Word("saud", "saúde")))
    assert [read_text(f"-educação{blank}saúde").tree for blank in (" ", "\t", "\n", "\u00a0")] == [wanted] * 4


def test_a_cursor_at_the_end_of_all_numbers_is_none_of_ours() -> None:
    assert decode_place(encode_place(2**63 - 2, "q"), "q") == 2**63 - 2
    with pytest.raises(InvalidParameter, match="not a cursor of ours"):
        decode_place(encode_place(2**63 - 1, "q"), "q")


def test_a_range_may_end_with_the_last_day_of_the_calendar() -> None:
    last = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    state = state_of([plain_bill(1, last_action_at=last, introduced_on=date.max), plain_bill(2)])
    for to in ({"last_action_to": "9999-12-31"}, {"introduced_to": "9999-12-31"}):
        assert _ids(ordered_page(state, read_filter(to), Sort(), 10, None)) == ["camara-1"]


def test_a_cursor_behind_all_that_is_ranked_is_refused() -> None:
    asked = BillParameters(q="saúde", sort="relevance")
    key = question_hash(PATH, asked)
    for offset in (0, 1000):
        assert list_question(asked.model_copy(update={"cursor": encode_place(offset, key)})).after == offset
    for offset in (1001, 2**53, 2**62):  # Tantivy makes room for as many matches as it is asked for, at once
        with pytest.raises(InvalidParameter, match="narrow the query"):
            list_question(asked.model_copy(update={"cursor": encode_place(offset, key)}))


def test_only_the_first_unknown_words_of_a_query_are_corrected() -> None:
    state, asked = state_of(BILLS), []
    q = " ".join(f"sau{letter}ade" for letter in "bcfghjklmn")

    def correct(written: str) -> str | None:
        asked.append(written)
        return correction(state, written)

    ranked = ranked_page(state, read_filter({"q": q}), 10, 0, correct)
    assert asked == q.split()[:MAX_CORRECTED]
    assert ranked.relevance.corrected == tuple((word, "saúde") for word in asked)
    assert suggested_text(state, read_text(q)) == " ".join(["saúde"] * 5 + q.split()[5:])


def test_a_range_from_an_instant_to_itself_is_empty_and_one_of_reversed_days_a_mistake() -> None:
    state = state_of([plain_bill(1, last_action_at=datetime(2026, 1, 1, 12, tzinfo=UTC))])

    def acted(begin: str, end: str) -> list[str]:
        asked = read_filter({"last_action_from": f"2026-01-01T{begin}Z", "last_action_to": f"2026-01-01T{end}Z"})
        return _ids(ordered_page(state, asked, Sort(), 10, None))

    assert (acted("12:00:00", "12:00:00"), acted("12:00:00", "12:00:01")) == ([], ["camara-1"])
    with pytest.raises(InvalidParameter, match="before the beginning"):
        acted("12:00:00", "11:59:59")
    for begin in ("2026-01-02", "2026-01-03"):
        with pytest.raises(InvalidParameter, match="before the beginning"):
            read_filter({"introduced_from": begin, "introduced_to": "2026-01-01"})
