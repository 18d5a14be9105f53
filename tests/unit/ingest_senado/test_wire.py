"""WireModel models take what the Senado sends, keep what they do not know, and count it."""

from typing import Any

import pytest
from ingest_senado.wire.bill_records import Detail, ListRow, OtherNumber
from ingest_senado.wire.wire_model import Text, Whole, WireModel, as_list, count_unknown, is_empty, leftovers
from legis.telemetry.metrics import UNKNOWN_FIELDS
from pydantic import ValidationError


class Sample(WireModel):
    text: Text | None = None
    number: Whole | None = None


@pytest.mark.parametrize("nothing", [None, {}, "", "  ", "{}", " {} "])
def test_nothing_has_many_spellings(nothing: Any) -> None:
    assert is_empty(nothing)
    assert as_list(nothing) == []
    assert Sample.model_validate({"text": nothing, "number": nothing}) == Sample()


@pytest.mark.parametrize("something", [0, False, "0", [], [{}]])
def test_zero_and_false_are_something(something: Any) -> None:
    assert not is_empty(something)


def test_one_element_comes_without_its_list() -> None:
    one = {"sigla": "PL", "numero": "1"}
    assert as_list(one) == [one]
    assert as_list([one, {}, one]) == [one, one]


def test_numbers_and_texts_come_as_each_other() -> None:
    assert Sample.model_validate({"text": 12, "number": "0012"}) == Sample(text="12", number=12)


def test_a_value_that_came_twice_is_read_once() -> None:
    assert Sample.model_validate({"text": ["2009", "2009"]}).text == "2009"


@pytest.mark.parametrize("bad", ["doze", 2**63, {"a": 1}, "9" * 30])
def test_what_is_no_number_is_refused(bad: Any) -> None:
    with pytest.raises(ValidationError):
        Sample.model_validate({"number": bad})


def test_a_committee_that_is_the_text_of_an_empty_object_is_absent(detail: dict[str, Any]) -> None:
    assert detail["comissaoMpv"] == "{}"
    assert "comissaoMpv" not in leftovers(Detail.model_validate(detail))
    detail["comissaoMpv"] = {"codigo": 2237, "sigla": "CMMPV 868/2018"}
    assert leftovers(Detail.model_validate(detail))["comissaoMpv"] == {"codigo": 2237, "sigla": "CMMPV 868/2018"}


def test_an_unknown_field_is_kept_where_it_stood_and_counted(detail: dict[str, Any]) -> None:
    detail["novidade"] = {"a": [1]}
    detail["autuacoes"][0]["informesLegislativos"][1]["novo"] = 3
    read = Detail.model_validate(detail)
    before = UNKNOWN_FIELDS.labels("senado", "Report")._value.get()
    assert count_unknown(read) == 2
    assert UNKNOWN_FIELDS.labels("senado", "Report")._value.get() == before + 1
    kept = leftovers(read)
    assert kept["novidade"] == {"a": [1]}
    assert kept["autuacoes"][0]["informesLegislativos"] == [{}, {"novo": 3}]


def test_a_known_answer_has_nothing_unknown(row: dict[str, Any], detail: dict[str, Any]) -> None:
    assert count_unknown(ListRow.model_validate(row)) == 0
    assert count_unknown(Detail.model_validate(detail)) == 0


def test_a_row_without_identity_is_refused(row: dict[str, Any]) -> None:
    del row["identificacao"]
    with pytest.raises(ValidationError, match="identificacao"):
        ListRow.model_validate(row)


def test_a_single_other_number_is_a_list_of_one(detail: dict[str, Any]) -> None:
    detail["outrosNumeros"] = detail["outrosNumeros"][0]
    read = Detail.model_validate(detail)
    assert [type(item) for item in read.outrosNumeros] == [OtherNumber]
