"""Every source has one row, and a source that has none is never taken for a house of Congress."""

import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from legis.domain.bill import Bill, CounterpartHint
from legis.domain.identity import source_registry
from legis.domain.identity.counterparts import candidate_labels, match
from legis.domain.identity.lexml import urns_for
from legis.domain.identity.source_registry import (
    BILL_ID,
    BY_ID,
    ROWS,
    SourceRow,
    can_be_asked_for,
    counterpart_of,
    legislator_id,
    row_of,
)
from legis.domain.vocabulary import Chamber, CounterpartRule, Source, UrnStatus

TITLE = "Institui a Lei Brasileira de Liberdade, Responsabilidade e Transparência na Internet"


def bill(source: Source, upstream_id: str = "1", **claims: Any) -> Bill:
    facts = {"type": "PL", "type_code": "PL", "number": 2630, "year": 2020, "identifier": "PL 2630/2020"}
    return Bill(source=source, upstream_id=upstream_id, title=TITLE, **facts, **claims)


def foreign(**claims: Any) -> Bill:
    """The same bill as a source without a row says it."""
    return bill(Source.SENADO, "9", **claims).model_copy(update={"source": "elsewhere"})


def test_every_source_has_one_row_in_the_order_of_the_list() -> None:
    assert [row.source for row in ROWS] == list(Source)
    assert len({row.chamber for row in ROWS}) == len(ROWS)
    assert list(BY_ID) == [source.value for source in Source]


def test_counterparts_are_mutual() -> None:
    for row in ROWS:
        assert row.counterpart is None or counterpart_of(row.counterpart) is row.source


def test_the_houses_link_and_an_unknown_source_links_to_neither() -> None:
    camara, senado, other = bill(Source.CAMARA, chamber="CAMARA"), bill(Source.SENADO, "2", chamber="SENADO"), foreign()
    named = (
        CounterpartHint(
            rule=CounterpartRule.OTHER_NUMBER, chamber=Chamber.CAMARA, type_code="PL", number=2630, year=2020,
            evidence="says so",
        ),
    )  # fmt: skip
    pointing = foreign(counterpart_hints=named)
    senado_from_camara = senado.model_copy(update={"originating_chamber": Chamber.CAMARA})
    assert [link.counterpart_id for link in match(camara, [senado_from_camara, other, pointing])] == ["senado-2"]
    assert match(senado, [other]) == match(other, [camara, senado]) == match(pointing, [camara, senado]) == ()
    assert candidate_labels(camara) == ("PL 2630/2020",)
    assert candidate_labels(pointing) == ()


@pytest.mark.parametrize("claims", [{}, {"chamber": "SENADO"}, {"type_code": "MPV"}])
def test_an_unknown_source_gets_no_urn_of_a_house(claims: dict[str, str]) -> None:
    told = bill(Source.SENADO).model_copy(update=claims | {"source": "elsewhere"})
    assert urns_for(bill(Source.SENADO).model_copy(update=claims)).urn_lex is not None
    assert (urns_for(told).urn_lex, urns_for(told).status) == (None, UrnStatus.NONE)


def test_only_a_known_source_is_asked_for_a_record_by_an_id_of_its_own() -> None:
    assert can_be_asked_for("senado", "7914763")
    for source, upstream_id in (
        ("elsewhere", "1"),
        ("", "1"),
        ("camara", "materia-1"),
        ("camara", "1\n"),
        ("camara", ""),
    ):
        assert not can_be_asked_for(source, upstream_id)
    assert row_of("elsewhere") is None


def test_records_that_a_source_shows_alone_are_asked_for_by_our_ids() -> None:
    shown = ("camara-event-7", "camara-vote-2351249-8", "camara-org-5", "senado-meeting-7", "senado-org-bloc-3")
    hidden = ("camara-org-bloc-3", "senado-vote-7", "senado-session-7", "camara-event-", "camara-event-7\n")
    for one in (*shown, *hidden):
        pattern = BY_ID[one.partition("-")[0]].askable
        assert (re.fullmatch(pattern, one) is not None) == (one in shown), one
        assert can_be_asked_for(one.partition("-")[0], one) == (one in shown), one


@pytest.mark.parametrize(("source", "ours"), [("camara", "camara-deputy-5"), ("senado", "senado-senator-5")])
def test_a_legislator_is_known_by_the_prefix_of_the_row(source: str, ours: str) -> None:
    assert legislator_id(source, "5") == legislator_id(source, ours) == ours


def test_a_row_without_a_prefix_gives_legislators_the_name_of_the_source(monkeypatch: pytest.MonkeyPatch) -> None:
    third = SourceRow(Source.CAMARA, Chamber.CAMARA, "Assembleia")
    monkeypatch.setattr(source_registry, "BY_ID", {**BY_ID, "alesp": third})
    assert legislator_id("alesp", "5") == legislator_id("alesp", "alesp-legislator-5") == "alesp-legislator-5"


def test_the_page_for_a_third_source_has_every_field_of_the_row() -> None:
    page = (Path(__file__).parents[4] / "docs/adding-a-source.md").read_text()
    table = page.split("| field | default | meaning |")[1].split("\n\n")[0]
    listed = {name for row in table.splitlines() for name in re.findall(r"`(\w+)`", row.split("|")[1] if row else "")}
    assert listed == {one.name for one in fields(SourceRow)} - {"source", "chamber", "title"}


def test_our_ids_begin_with_a_source() -> None:
    assert re.fullmatch(BILL_ID, "camara-2256735")
    assert not re.fullmatch(BILL_ID, "elsewhere-1")
