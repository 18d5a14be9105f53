"""The registry of filters: every row reads its example, and parameters, OpenAPI and facets are made from the rows."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from api_gateway.search import orders
from api_gateway.search.filtering.bill_filter import BillFilter, Choice, Range
from api_gateway.search.filtering.filters import BY_NAME, FACETS, FILTERS, Filter, Kind, only_known_types, read_filter
from api_gateway.search.filtering.values import InvalidParameter
from api_gateway.search.index_documents import IndexedBill, microseconds
from api_gateway.search.index_schema import RAW_FAST, build_schema
from api_gateway.search.percolator import Percolator
from api_gateway.web.openapi import document_bytes
from api_gateway.web.params.event_params import SearchCalendarParameters
from api_gateway.web.params.parameters import BillParameters, ChangeParameters, FeedParameters, StreamParameters
from tantivy import Index

IndexedFactory = Callable[..., IndexedBill]


def asked(one: Filter, value: Any) -> BillFilter:
    return read_filter({one.name: [value] if one.several else value})


@pytest.mark.parametrize("one", FILTERS, ids=lambda one: one.name)
def test_each_row_reads_its_example(one: Filter) -> None:
    found = asked(one, one.example)
    assert found != BillFilter()
    if one.kind in (Kind.FROM, Kind.TO):
        assert [range_.field for range_ in found.ranges] == [one.field]
    elif one.kind is not Kind.TEXT:
        assert [name for name, _ in found.choices] == [one.name]
    assert found.names_bills == (one.kind is Kind.KEYS)


@pytest.mark.parametrize("one", FILTERS, ids=lambda one: one.name)
def test_each_example_is_a_query_that_the_index_takes(one: Filter, indexed: IndexedFactory) -> None:
    Percolator([indexed(1)]).matching(asked(one, one.example))


def test_names_are_given_once_and_fields_are_of_the_schema(tmp_path: Any) -> None:
    Index(build_schema(), str(tmp_path))
    fields = {field["name"]: field for field in json.loads((tmp_path / "meta.json").read_text())["schema"]}
    assert len(BY_NAME) == len(FILTERS)
    assert {one.field for one in FILTERS} <= set(fields)
    assert set(FACETS.values()) <= {*RAW_FAST, "year"}
    assert all(fields[field]["options"]["fast"] for field in FACETS.values())


@pytest.mark.parametrize(
    "parameters", [BillParameters, ChangeParameters, FeedParameters, SearchCalendarParameters, StreamParameters]
)
def test_parameters_are_made_from_the_rows(parameters: Any) -> None:
    assert [name for name in parameters.model_fields if name in BY_NAME] == [one.name for one in FILTERS]
    for one in FILTERS:
        field = parameters.model_fields[one.name]
        assert field.description == one.description
        assert (field.annotation == tuple[str, ...]) == one.several
    given = {one.name: (one.example,) if one.several else one.example for one in FILTERS}
    assert parameters(**given).filters() == given


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/bills",
        "/api/v1/bills/events.ics",
        "/api/v1/changes",
        "/api/v1/changes/stream",
        "/api/v1/feeds/bills.atom",
    ],
)
def test_the_description_is_made_from_the_rows(path: str) -> None:
    parameters = json.loads(document_bytes())["paths"][path]["get"]["parameters"]
    told = {one["name"]: one for one in parameters}
    for one in FILTERS:
        assert told[one.name]["description"] == one.description
        assert told[one.name]["schema"]["examples"] == [[one.example] if one.several else one.example]
    if path == "/api/v1/bills":
        assert all(f"`{name}`" in told["facets"]["description"] for name in FACETS)


def test_values_are_split_negated_and_read() -> None:
    given = {"type": ["pl,-PEC", "mpv"], "number": ["1", "-2"], "party": ["pcdob"], "subject": ["Educação, Cultura"]}
    assert dict(read_filter(given).choices) == {
        "type": Choice(("PL", "MPV"), ("PEC",)), "number": Choice((1,), (2,)), "party": Choice(("PCdoB",)),
        "subject": Choice(("educacao", "cultura")),
    }  # fmt: skip
    assert read_filter({"type": [], "q": None, "in_progress": None}) == BillFilter()
    assert dict(read_filter({"in_progress": False}).choices) == {"in_progress": Choice((False,))}


@pytest.mark.parametrize("asked", ["UNIAO", "UNIÃO", "uniao", "União", "união brasil"])
def test_a_party_is_asked_for_in_any_spelling(asked: str) -> None:
    assert dict(read_filter({"party": [asked]}).choices)["party"] == Choice(("UNIÃO",))


def test_a_party_is_asked_for_by_any_acronym_it_had() -> None:
    def read(*asked: str) -> Choice[Any]:
        return dict(read_filter({"party": list(asked)}).choices)["party"]

    assert read("PMDB,psb") == Choice(("MDB", "PSB"))
    assert read("-PRB") == Choice((), ("REPUBLICANOS",))
    assert read("PL", "-PL-1985") == Choice(("PL",), ("PL-1985",))
    assert read("SOLIDARI") == Choice(("SOLIDARIEDADE",))
    assert read("xyz") == Choice(("XYZ",))


@pytest.mark.parametrize(
    ("given", "name", "said"),
    [
        ({"author": ["a\x00"]}, "author", "control"),
        ({"q": ""}, "q", "empty"),
        ({"q": "x" * 1001}, "q", "longer than 1000 characters; its first words are enough"),
        ({"q": "\ud800"}, "q", "UTF-8"),
        ({"number": ["-"]}, "number", "empty"),
        ({"number": ["2147483648"]}, "number", "2147483647"),
        ({"number": ["1" * 5000]}, "number", "longer"),
        ({"state": ["SX"]}, "state", "did you mean"),
        ({"status": ["IN_COMITTEE"]}, "status", "IN_COMMITTEE"),
        ({"subject": ["!!!"]}, "subject", "letter"),
        ({"ids": ["a"] * 101}, "ids", "100"),
        ({"introduced_from": "2024-02-30"}, "introduced_from", "date"),
        ({"changed_since": "yesterday"}, "changed_since", "instant"),
        ({"introduced_from": "2024-02-03", "introduced_to": "2024-02-01"}, "introduced_to", "swap"),
        ({"last_action_from": "2024-02-02", "last_action_to": "2024-02-01T00:00:00Z"}, "last_action_to", "swap"),
    ],
)
def test_what_cannot_be_taken_is_named(given: dict[str, Any], name: str, said: str) -> None:
    with pytest.raises(InvalidParameter, match=said) as raised:
        read_filter(given)
    assert raised.value.name == name


def test_codes_of_the_index_are_types_too() -> None:
    assert dict(read_filter({"type": ["xpto"]}, frozenset({"XPTO"})).choices)["type"] == Choice(("XPTO",))
    with pytest.raises(InvalidParameter, match="XPTO"):
        read_filter({"type": ["XPTOO"]}, frozenset({"XPTO"}))
    assert only_known_types({"type": ["pl, -OTHER", "PEC"]})
    assert not only_known_types({"type": ["PL,XPTO"]})
    assert only_known_types({})


def test_both_ends_of_a_range_are_joined() -> None:
    found = read_filter({"introduced_from": "2024-02-01", "introduced_to": "2024-02-01", "changed_since": "2024-02-01"})
    day = orders.of_day(date(2024, 2, 1))
    assert found.ranges == (
        Range("introduced", orders.first_at(day), orders.first_at(day + 1) - 1),
        Range("changed_at", microseconds(datetime(2024, 2, 1, 3, tzinfo=UTC))),
    )


@pytest.mark.parametrize(
    ("given", "matching"),
    [
        ({"introduced_from": "2024-02-01"}, {1, 2}),
        ({"introduced_to": "2024-02-01"}, {0, 1}),
        ({"introduced_from": "0001-01-01"}, {0, 1, 2}),
        ({"introduced_to": "9999-12-31"}, {0, 1, 2}),
        ({"introduced_from": "2024-02-01", "introduced_to": "2024-02-01"}, {1}),
        ({"last_action_from": "2024-02-01T12:00:00Z"}, {1, 2}),
        ({"last_action_to": "2024-02-01T12:00:00Z"}, {0}),
        ({"last_action_to": "2024-02-01T12:00:01Z"}, {0, 1}),
        ({"last_action_to": "9999-12-31T23:59:59Z"}, {0, 1, 2}),
        ({"type": ["-PL"]}, {3}),
        ({"organization": ["-CCJC"]}, {1, 2, 3}),
        ({"party": ["PT,PSB"]}, {0, 1}),
        ({"party": ["-PT,-PSB"]}, {2, 3}),
        ({"regime": ["URGENCIAS"]}, {2}),
        ({"legislator_id": ["camara-deputy-5"]}, {0}),
        ({"legislator_id": ["5"]}, {0}),
        ({"author": ["camara-deputy-5"]}, {0}),
        ({"author": ["lima ANA"]}, {0}),
        ({"author": ["ana sa"]}, set()),
        ({"author": ["Sá, Rui"]}, {0}),
        ({"rapporteur": ["rosa"]}, {1}),
        ({"rapporteur": ["7"]}, {1}),
        ({"ids": ["camara-3,camara-5"]}, {2, 4}),
        ({"urns": ["URN:LEX:br:camara:projeto.lei;pl:2024;1@data!x~y"]}, {0}),
        ({"q": "merenda", "party": ["PT"]}, {0}),
        ({"q": "-merenda"}, {1, 2, 3}),
        ({"q": "removida"}, set()),
        ({"number": ["2"]}, {1}),
        ({}, {0, 1, 2, 3}),
    ],
)
def test_a_filter_finds(given: dict[str, Any], matching: set[int], indexed: IndexedFactory) -> None:
    noon = datetime(2024, 2, 1, 12, tzinfo=UTC)
    people = [{"name": "Ana Lima", "legislator_id": "5"}, {"name": "Rui Sá"}]
    bills = [
        indexed(1, title="Merenda", introduced_on=date(2024, 1, 31), last_action_at=noon.replace(hour=11),
                parties=["PT", "PSB"], organization="CCJC", sponsorships=people,
                urns=["urn:lex:br:camara:projeto.lei:2024;1"]),
        indexed(2, introduced_on=date(2024, 2, 1), last_action_at=noon, parties=["PSB"],
                rapporteurs=[{"name": "Rosa Sá", "legislator_id": "7"}]),
        indexed(3, introduced_on=date(2024, 2, 2), last_action_at=noon.replace(hour=13), regime_text="Urgência"),
        indexed(4, type_code="XPTO", type="OTHER"),
        indexed(5, title="Removida", removed=True),
    ]  # fmt: skip
    assert Percolator(bills).matching(read_filter(given)) == matching
