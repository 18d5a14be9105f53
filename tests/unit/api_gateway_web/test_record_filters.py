"""What parameters and cursors of legislators, organizations and votings are read as."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from api_gateway.search.filtering.bill_filter import BillFilter, Choice
from api_gateway.search.filtering.values import InvalidParameter
from api_gateway.store.changes.change_filter import EVERY_ENTRY
from api_gateway.web.params.change_params import wanted_entries
from api_gateway.web.params.cursor import decode_key, encode_key, encode_offset, next_link, question_hash
from api_gateway.web.params.parameters import ChangeParameters, FeedParameters
from api_gateway.web.params.record_filters import (
    legislator_filter,
    name_words,
    organization_filter,
    period,
    roles,
    vote_event_filter,
)
from api_gateway.web.params.record_parameters import (
    LegislatorBillParameters,
    LegislatorParameters,
    OrganizationParameters,
    VoteEventParameters,
)

TODAY = date(2026, 11, 28)


def asked(**values: Any) -> VoteEventParameters:
    return VoteEventParameters.model_validate(values)


def test_a_party_is_found_by_any_acronym_that_it_has_or_had() -> None:
    for label, key in (("PMDB", "MDB"), ("uniao", "UNIÃO"), ("PL", "PL"), ("PL-1985", "PL-1985"), ("nada", "NADA")):
        assert legislator_filter(LegislatorParameters(party=label), TODAY).party == key


def test_words_of_names_are_folded() -> None:
    assert name_words("  Tábata   AMARAL ") == ("tabata", "amaral")
    assert name_words(None) == ()
    assert len(name_words("a " * 40)) == 8


def test_filters_are_read_in_any_case_and_wrong_words_are_named() -> None:
    found = organization_filter(OrganizationParameters(house="camara", classification=("permanent,special",)))
    assert (found.house, found.classifications) == ("CAMARA", ("PERMANENT", "SPECIAL"))
    with pytest.raises(InvalidParameter, match="did you mean PERMANENT"):
        organization_filter(OrganizationParameters(classification=("PERMANENTE",)))
    with pytest.raises(InvalidParameter):
        legislator_filter(LegislatorParameters(state="XX"), TODAY)


@pytest.mark.parametrize(
    ("nominal", "known", "unknown"), [("true", True, False), ("false", False, False), ("null", None, True)]
)
def test_nominal_has_three_values(nominal: str, known: bool | None, unknown: bool) -> None:
    found = vote_event_filter(asked(nominal=nominal))
    assert (found.nominal, found.nominal_unknown) == (known, unknown)


def test_an_option_needs_its_legislator() -> None:
    with pytest.raises(InvalidParameter, match="needs legislator"):
        vote_event_filter(asked(option=("YES",)))
    found = vote_event_filter(asked(option=("yes,obstruction",), legislator="camara-deputy-1"))
    assert (found.legislator_id, found.options) == ("camara-deputy-1", ("YES", "OBSTRUCTION"))


def test_days_are_in_order() -> None:
    assert period("2023-01-01", None) == (date(2023, 1, 1), None)
    assert period("2023-01-01", "2023-01-01") == (date(2023, 1, 1), date(2023, 1, 1))
    with pytest.raises(InvalidParameter, match="is before"):
        period("2023-01-02", "2023-01-01")


def test_every_role_is_meant_where_none_is_named() -> None:
    assert roles(LegislatorBillParameters()) == ("author", "coauthor", "rapporteur")
    assert roles(LegislatorBillParameters(role=("Rapporteur",))) == ("rapporteur",)


def test_links_and_cursors_name_days_as_the_api_does() -> None:
    first = asked(**{"from": "2023-01-01", "limit": 5})
    assert next_link("", "/x", first, cursor="c") == "/x?from=2023-01-01&limit=5&cursor=c"
    assert question_hash("/x", first) != question_hash("/x", asked(to="2023-01-01"))
    with pytest.raises(ValueError, match="Extra inputs"):
        asked(from_day="2023-01-01")


AT = datetime(2024, 5, 1, 12, 0, 0, 7, tzinfo=UTC)


@pytest.mark.parametrize("key", [(AT, "camara-vote-1"), ("maria", "camara-deputy-1"), (AT, 7)])
def test_a_cursor_gives_back_its_key(key: tuple[Any, ...]) -> None:
    kinds = [type(value) for value in key]
    cursor = encode_key(key, "question")
    assert decode_key(cursor, "question", kinds) == key
    with pytest.raises(InvalidParameter, match="other parameters"):
        decode_key(cursor, "another", kinds)


@pytest.mark.parametrize(
    "key", [(), ("a",), (1, "a"), ("2024-05-01", "a"), ("noon", "a"), (AT, "a\x00"), (AT, 1), (None, "a"), (AT, "a", 1)]
)
def test_a_key_of_another_form_is_no_cursor(key: tuple[Any, ...]) -> None:
    with pytest.raises(InvalidParameter, match="not a cursor of ours"):
        decode_key(encode_key(key, "question"), "question", (datetime, str))


@pytest.mark.parametrize("number", [-1, 2**31, True, "1"])
def test_a_number_in_a_key_fits_its_column(number: Any) -> None:
    with pytest.raises(InvalidParameter):
        decode_key(encode_key((AT, number), "question"), "question", (datetime, int))


def test_an_offset_is_no_key() -> None:
    with pytest.raises(InvalidParameter):
        decode_key(encode_offset(20, "question"), "question", (datetime, str))


def test_the_log_tells_of_bills_unless_asked_for_more() -> None:
    bills = BillFilter()
    assert wanted_entries(ChangeParameters(), bills).entries == EVERY_ENTRY
    assert wanted_entries(FeedParameters(), bills).entries.about == ("BILL",)
    more = wanted_entries(ChangeParameters(about=("vote_event,bill",), field=("votes",)), bills)
    assert (more.entries.about, more.entries.fields) == (("VOTE_EVENT", "BILL"), ("votes",))
    with pytest.raises(InvalidParameter, match="no value"):
        wanted_entries(ChangeParameters(field=("vote",)), bills)
    with pytest.raises(InvalidParameter, match="only bill"):
        wanted_entries(ChangeParameters(about=("event",)), BillFilter(choices=(("type", Choice(("PL",))),)))
