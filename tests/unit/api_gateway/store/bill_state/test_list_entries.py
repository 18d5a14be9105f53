"""Which entry of a list is which: edited, replaced, told another way, or lost."""

from typing import Any

import pytest
from api_gateway.store.bill_state.list_entries import VOTES, compare
from legis.domain.bill import Action, Document, Rapporteur, RelatedBill, Sponsorship, Subject, Vote, VoteEvent
from legis.domain.vocabulary import ActionKind, DocumentKind, RelationKind, SponsorKind, SponsorshipRole
from legis.domain.voting import VoteOption


def author(name: str, **more: Any) -> Sponsorship:
    return Sponsorship(name=name, role=SponsorshipRole.AUTHOR, kind=SponsorKind.LEGISLATOR, **more)


def step(**more: Any) -> Action:
    return Action(**{"date": "2026-11-20", "kind": ActionKind.OTHER, **more})


def text(url: str, **more: Any) -> Document:
    return Document(kind=DocumentKind.FULL_TEXT, url=url, **more)


def voted(name: str, **more: Any) -> Vote:
    return Vote(name=name, option=VoteOption.YES, **more)


def reporter(name: str, **more: Any) -> Rapporteur:
    return Rapporteur(name=name, **more)


CCJ, CAE = {"code": "34"}, {"code": "38"}

SAME = [
    ("sponsorships", [author("Ana", legislator_id="1")], [author("Ana Maria", legislator_id="1", party="PT")]),
    ("sponsorships", [author("ANA  LIMA")], [author("Ana Líma", legislator_id="1")]),
    ("sponsorships", [author("Mesa", organization_code="4")], [author("Mesa Diretora", organization_code="4")]),
    ("sponsorships", [author("Poder Executivo", order=1)], [author("Presidência da República", order=1)]),
    ("rapporteurs", [reporter("Ana", legislator_id="1")], [reporter("Rui", legislator_id="2")]),
    ("rapporteurs", [reporter("Ana", organization=CCJ)], [reporter("Ana", organization=CCJ, ended_on="2026-11-20")]),
    ("subjects", [Subject(code="40", name="Economia")], [Subject(code="40", name="Economia e Finanças")]),
    ("subjects", [Subject(name="ECONOMIA")], [Subject(code="40", name="Economia")]),
    ("keywords", ["Escola", "Merenda"], ["merenda escolar"]),
    ("related_bills", [RelatedBill(kind="RELATED", upstream_id="7")], [RelatedBill(kind="MAIN_BILL", upstream_id="7")]),
    ("related_bills", [RelatedBill(kind="MAIN_BILL", upstream_id="7")],
     [RelatedBill(kind="MAIN_BILL", upstream_id="8")]),
    ("documents", [text("https://a/?codteor=1", upstream_id="1")], [text("https://a/?codteor=2", upstream_id="2")]),
    ("actions", [step(order=3, description="Ata")], [step(order=3, description="Ata, corrigida", date="2026-11-19")]),
    ("actions", [step(description="Ata", kind_code="9")], [step(description="Ata corrigida", kind_code="9")]),
    ("actions", [step(description="Ata", kind_code="9")], [step(description="Ata", kind_code="9", date="2026-11-01")]),
    ("actions", [step(order=3, description="Ata")], [step(order=30, description="Ata")]),
    ("actions", [step(kind_code="SITUACAO", status_code="PRONTA"), step(kind_code="MOVIMENTACAO", upstream_id="5")],
     [step(kind_code="INFORME", upstream_id="9")]),
    ("vote_events", [VoteEvent(upstream_id="1", date="2026-11-20")], [VoteEvent(upstream_id="1", date="2026-11-21")]),
    (VOTES, [voted("Ana", legislator_id="1")], [voted("Ana M.", legislator_id="1", party="PT")]),
    (VOTES, [voted("ANA")], [voted("Ana", legislator_id="1")]),
]  # fmt: skip

LOST = [
    ("sponsorships", [author("Ana", legislator_id="1"), author("Rui")], [author("Rui")]),
    ("sponsorships", [author("Ana", legislator_id="1")], [author("Ana", legislator_id="2")]),
    ("sponsorships", [author("Ana", legislator_id="1", order=1)], [author("Rui", legislator_id="2", order=1)]),
    ("sponsorships", [author("Ana", order=1), author("Rui", order=2)], [author("Rui", order=1)]),
    ("rapporteurs", [reporter("Ana")], []),
    ("rapporteurs", [reporter("Ana", organization=CCJ), reporter("Rui", organization=CAE)],
     [reporter("Rui", organization=CAE)]),
    ("subjects", [Subject(code="40", name="Economia")], [Subject(code="41", name="Saúde")]),
    ("keywords", ["Escola", "Merenda"], ["Merenda"]),
    ("related_bills", [RelatedBill(kind="RELATED", upstream_id="7"), RelatedBill(kind="RELATED", upstream_id="8")],
     [RelatedBill(kind="RELATED", upstream_id="8")]),
    ("documents", [text("https://a/1", kind_text="Inteiro teor")], []),
    ("actions", [step(order=1), step(order=2), step(order=3)], [step(order=1), step(order=3), step(order=4)]),
    ("actions", [step(upstream_id="1", kind_code="INFORME")], [step(upstream_id="2", kind_code="INFORME")]),
    ("actions", [step(kind_code="SITUACAO", status_code="PRONTA")], []),
    ("vote_events", [VoteEvent(upstream_id="1", date="2026-11-20")], [VoteEvent(upstream_id="2", date="2026-11-20")]),
    (VOTES, [voted("Ana", legislator_id="1")], [voted("Ana", legislator_id="2")]),
]  # fmt: skip


@pytest.mark.parametrize(("field", "stored", "read"), SAME)
def test_what_was_edited_or_replaced_is_not_lost(field: str, stored: list[Any], read: list[Any]) -> None:
    assert compare(field, stored, read).lost == ()


@pytest.mark.parametrize(("field", "stored", "read"), LOST)
def test_what_is_missing_is_lost_whatever_came(field: str, stored: list[Any], read: list[Any]) -> None:
    found = compare(field, stored, read)
    assert len(found.lost) == 1
    assert found.lost[0] == stored[[entry in found.lost for entry in stored].index(True)]


def test_equal_entries_are_counted() -> None:
    twice = [step(description="Ata"), step(description="Ata")]
    assert len(compare("actions", twice, twice[:1]).lost) == 1
    assert compare("actions", twice, [*twice, *twice]).lost == ()


def test_order_says_nothing() -> None:
    entries = [author(f"n{n}", legislator_id=str(n)) for n in range(300)]
    found = compare("sponsorships", entries, [*reversed(entries), author("novo")])
    assert (found.lost, found.kept, [entry.name for entry in found.came]) == ((), 300, ["novo"])


def test_one_bill_has_one_main_bill_and_many_others() -> None:
    other = RelatedBill(kind=RelationKind.RELATED, upstream_id="7")
    assert compare("related_bills", [other], [RelatedBill(kind=RelationKind.RELATED, upstream_id="8")]).lost == (other,)
