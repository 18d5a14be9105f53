"""What a bill is in the index, under which keys it is found, and that a change of either is a new schema."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from api_gateway.search.index.folder import Position
from api_gateway.search.index_documents import (
    MAX_SPONSORS,
    MAX_TEXT,
    IndexedBill,
    bill_document,
    exact_key,
    legislator_ids,
    microseconds,
    position_document,
    urn_key,
)
from api_gateway.search.index_schema import SCHEMA_VERSION, build_schema
from hypothesis import given
from hypothesis import strategies as st
from tantivy import Index

FINGERPRINTS = {
    3: "0ce9cde95fa474e5",
    4: "88d897ca4b10e3e3",
    5: "edc81d6a6bfa64ef",
    6: "c8f526298d2b4e35",
    7: "d1a2a927aaa79d71",
}
"""Of every schema: its fields and what is put into them."""


@pytest.mark.parametrize(
    "urn",
    ["urn:lex:br:senado.federal:projeto.lei;pl:2020;2630", "URN:LEX:BR:senado.federal:projeto.lei;pl:2020;2630",
     "urn:lex:br:senado.federal:projeto.lei:2020;2630@inicial",
     " urn:lex:br:senado.federal:projeto.lei;pl:2020;2630!art1",
     "urn:lex:br:senado.federal:projeto.lei:2020;2630~texto;pt-br"],
)  # fmt: skip
def test_a_urn_is_found_without_version_fragment_and_short_type(urn: str) -> None:
    assert urn_key(urn) == "urn:lex:br:senado.federal:projeto.lei:2020;2630"


@given(st.text(max_size=40).map(lambda tail: f"urn:lex:{tail}"))
def test_a_key_of_a_urn_is_its_own_key(urn: str) -> None:
    assert urn_key(urn_key(urn)) == urn_key(urn)


@pytest.mark.parametrize(
    "title",
    ["Dispõe sobre a merenda escolar e dá outras providências.", "A merenda escolar", "DISPOE SOBRE A MERENDA ESCOLAR",
     "a merenda escolar, e dá outras providências"],
)  # fmt: skip
def test_titles_are_equal_whatever_formula_is_around_them(title: str) -> None:
    assert exact_key(title) == exact_key("a merenda escolar")


def test_other_titles_have_other_keys_and_signs_have_none() -> None:
    assert exact_key("a merenda") != exact_key("a merenda escolar")
    assert exact_key("") is exact_key("!?") is None
    assert exact_key("Dispõe sobre") == exact_key("dispõe sobre") is not None, "nothing but a formula is itself"
    assert exact_key("e dá outras providências") is not None


def test_a_legislator_has_our_id_and_the_houses() -> None:
    assert legislator_ids("camara", "5") == ("camara-deputy-5", "5")
    assert legislator_ids("senado", "5") == ("senado-senator-5", "5")


def test_a_removed_bill_is_found_by_its_names_alone(indexed: Callable[..., IndexedBill]) -> None:
    document = bill_document(indexed(1, removed=True, urns=["urn:lex:br;x"], parties=["PT"])).to_dict()
    assert document["kind"] == ["removed"]
    assert {"id", "labels", "urns", "upstream_id", "summary", "acted"} <= set(document)
    assert not {"words", "party", "year", "status", "surface"} & set(document)


def test_what_no_bill_needs_is_cut(indexed: Callable[..., IndexedBill]) -> None:
    many = [{"name": f"Pessoa {number}", "legislator_id": str(number)} for number in range(MAX_SPONSORS + 50)]
    document = bill_document(indexed(1, title="lei " * MAX_TEXT, sponsorships=many)).to_dict()
    assert len(document["author_name"]) == MAX_SPONSORS
    assert len(document["words"][0].split()) == MAX_TEXT // 4


def test_a_position_is_read_as_it_was_written() -> None:
    at = datetime(2026, 1, 1, 12, 0, 0, 5, tzinfo=UTC)
    position = Position("epoch", 7, 3, "camara-1", 2, at)
    assert Position.parse(bytes(position_document(position.dump()).to_dict()["position"][0])) == position
    assert Position.parse(Position("epoch").dump()) == Position("epoch")
    assert microseconds(at) == 1_767_268_800_000_005


def plain(value: Any) -> Any:
    if hasattr(value, "tokens"):
        return [(token.text, token.position) for token in value.tokens]
    return value.hex() if isinstance(value, bytes) else value


def test_a_change_of_what_is_indexed_is_a_new_schema(indexed: Callable[..., IndexedBill], tmp_path: Path) -> None:
    bills = [
        indexed(
            1, title="Altera a Lei nº 8.112/90, e dá outras providências.", nickname="Lei da Educação",
            abstract="Seguro-desemprego: 13º salário, R$ 1.000,50.", keywords=["previdência", "responsáveis"],
            regime_text="Urgência (Art. 155, RICD)", introduced_on=date(2024, 2, 1),
            last_action_at=datetime(2024, 2, 1, 12, tzinfo=UTC), parties=["PT", "PMDB", "XYZ"],
            states=["SP"], subjects=["educacao"],
            organization="CCJC", urns=["urn:lex:br:senado.federal:projeto.lei;pl:2020;2630"],
            sponsorships=[{"name": "Ana d'Ávila Lima", "legislator_id": "5"}, {"name": "Rui Sá"}],
            rapporteurs=[{"name": "Rosa Sá", "legislator_id": "7"}], decision={"decided_on": "2024-03-02"},
            first_days={"REFERRED": "2024-02-05", "OPINION": "2024-01-31"},
            enactment={"signed_on": "2024-01-31", "title": "Lei nº 14.811, de 2024"},
        ),
        indexed(2, type="OTHER", type_code="XPTO", source="senado", number=None, year=None, in_progress=None),
        indexed(3, removed=True),
    ]  # fmt: skip
    Index(build_schema(), str(tmp_path))
    schema = json.loads((tmp_path / "meta.json").read_text())["schema"]
    documents = [
        sorted((name, sorted(str(plain(one)) for one in values) if name not in ("surface", "spelling")
                else sorted(str(values[0]).split())) for name, values in bill_document(bill).to_dict().items())
        for bill in bills
    ]  # fmt: skip
    found = sha256(json.dumps([schema, documents], sort_keys=True).encode()).hexdigest()[:16]
    assert FINGERPRINTS[SCHEMA_VERSION] == found, "raise SCHEMA_VERSION, so that indexes are built again, and note this"
