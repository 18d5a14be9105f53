"""What a bill's page says of the bill in both houses, of what it became, and of bills tied to it."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from api_gateway.site.app import ROUTES
from api_gateway.site.bills.bill_address import plain_number
from api_gateway.site.bills.bill_metadata import legislation
from api_gateway.site.bills.enacted_law import enacted_law
from api_gateway.site.pages.bill_page import BillParts, bill_view, shown_bill
from api_gateway.site.records.votings_of_bill import MOST_VOTES, bill_votings
from api_gateway.site.rendering import html_of
from api_gateway.site.texts.evidence_text import evidence_texts
from api_gateway.site.visit import Visit
from legis.domain.identity.evidence import KINDS
from unit.api_gateway_site.records.record_replies import counts, voting
from unit.api_gateway_site.replies import bill, entry, evidence, journey, reply, summary

PAGES = frozenset(route.path for route in ROUTES)
OTHER = {
    "id": "senado-9", "source": "senado", "identifier": "PL 1432/2024", "title": None, "rule": "SAME_IDENTIFIER",
    "confidence": 0.9, **evidence("both are PL 1432/2024", "titles 0.97 alike", "a sentence of another kind"),
}  # fmt: skip
RAPPORTEUR = {"name": "Bia", "party": "PT", "state": "SP", "legislator_id": None, "ended_on": None}
TEXT = {"kind": "FULL_TEXT", "title": None, "kind_text": None, "media_type": "application/pdf"}


def _parts(of: Mapping[str, Any], other: Mapping[str, Any] | None = None, votes: Any = ()) -> BillParts:
    whole = reply(list(votes), page={"next_cursor": "c"})
    return BillParts(reply(of), journey(), reply([]), whole, reply([summary()]), reply(other) if other else None)


def _senado(**changed: Any) -> dict[str, Any]:
    own = {"id": "senado-9", "source": "senado", "chamber": "SENADO", "url": "https://www25.senado.leg.br/9"}
    return bill(**{**own, "status_text": "Matéria com a relatoria", **changed})


def test_each_house_has_its_record_documents_and_rapporteurs(visit: Visit) -> None:
    read = {"part": "DETAIL", "url": "https://legis.senado.leg.br/9", "fetched_at": "2026-11-28T10:00:00Z"}
    document = {**TEXT, "url": "https://senado.test/t.pdf", "published_on": "2025-01-01"}
    other = _senado(documents=[document], rapporteurs=[RAPPORTEUR], provenance=[read])
    own = bill(counterparts=[OTHER], documents=[{**document, "url": "https://camara.test/t.pdf"}])
    view = bill_view(visit, _parts(own, other))
    first, second = view.records
    assert (first.house.text, first.link, first.status_text) == ("Câmara", None, "Aguardando Parecer")
    assert (second.house.text, second.official) == ("Senado", "https://www25.senado.leg.br/9")
    assert (second.status_text, second.json) == ("Matéria com a relatoria", "/api/v1/bills/senado-9")
    assert [one.address for one in second.sources] == ["https://legis.senado.leg.br/9"]
    assert [(one.address, one.house.text) for one in view.documents if one.house] == [
        ("https://camara.test/t.pdf", "Câmara"), ("https://senado.test/t.pdf", "Senado"),
    ]  # fmt: skip
    assert [(house.text, [who.name for who in people]) for house, people in view.all_rapporteurs] == [
        ("Senado", ["Bia"])
    ]
    html = html_of(visit, shown_bill(visit, _parts(own, other)), PAGES)
    assert "Matéria com a relatoria" in html
    assert '/bills/senado-9"' not in html.replace("/api/v1/bills/senado-9", ""), "that address leads back here"
    assert "Não conseguimos ler a ficha desta casa agora." in html_of(visit, shown_bill(visit, _parts(own)), PAGES)


def test_both_records_are_followed(visit: Visit) -> None:
    view = bill_view(visit, _parts(bill(counterparts=[OTHER]), _senado()))
    assert view.follow.search == (("ids", "camara-1"), ("ids", "senado-9"))
    assert view.follow.atom.endswith("?ids=camara-1&ids=senado-9")
    assert view.calendar == "https://legis.example/api/v1/events.ics?bill=camara-1&bill=senado-9"
    assert bill_view(visit, _parts(bill())).calendar == "https://legis.example/api/v1/bills/camara-1/events.ics"


def test_the_newest_voting_by_name_is_a_picture_and_the_rest_is_linked(visit: Visit) -> None:
    told = [voting(id=f"camara-vote-{n}", nominal=n in (2, 3), counts_published=counts(300 + n, 100)) for n in range(9)]
    found = bill_votings(visit, ("camara-1", "senado-9"), told, more=False)
    assert found.pictured is not None
    assert found.pictured.row.address == "/votes/camara-vote-2"
    assert [(path.shape, path.count) for path in found.pictured.picture.paths] == [("sim", 302), ("nao", 100)]
    assert "Sim 302, Não 100" in found.pictured.title
    assert [one.address[-1] for one in found.rows] == ["0", "1", "3", "4"]
    assert found.all == "/votes?bill=camara-1&bill=senado-9"
    assert bill_votings(visit, ("camara-1",), told[:MOST_VOTES], more=False).all is None
    assert bill_votings(visit, ("camara-1",), told[:1], more=True).all == "/votes?bill=camara-1"
    secret = bill_votings(visit, ("camara-1",), [voting(secret=True)], more=False)
    assert (secret.pictured, len(secret.rows)) == (None, 1)


@pytest.mark.parametrize(
    ("status", "title"),
    [
        ("IN_COMMITTEE", "PL 1432/2024: Em comissão na Câmara"),
        ("ENACTED", "PL 1432/2024: Virou lei"),
        ("SENT_TO_OTHER_CHAMBER", "PL 1432/2024: Foi para a outra casa"),
        ("AWAITING_SANCTION", "PL 1432/2024: Aguarda sanção"),
        ("VETOED", "PL 1432/2024: Vetado"),
    ],
)
def test_a_title_names_a_house_only_where_the_bill_is_in_one(visit: Visit, status: str, title: str) -> None:
    assert shown_bill(visit, _parts(bill(status=status))).title == title


@pytest.mark.parametrize(
    ("enactment", "name", "urn"),
    [
        ({"title": "Lei nº 14.811 de 12/01/2024"}, "Lei nº 14.811 de 12/01/2024", "federal:lei:2024-01-12;14811"),
        ({"title": "Lei Ordinária 14811/2024"}, "Lei Ordinária 14811/2024", "federal:lei:2024;14811"),
        ({"type_code": "LEI-n", "number": "14811", "year": 2024}, "Lei nº 14.811/2024", "federal:lei:2024;14811"),
        (
            {"type_code": "LCP", "number": "228", "year": 2026, "signed_on": "2026-03-02"},
            "Lei Complementar nº 228/2026",
            "federal:lei.complementar:2026-03-02;228",
        ),
        ({"type_code": "ATO", "number": "7", "year": 2020}, "ATO nº 7/2020", None),
        ({"title": "Uma norma"}, "Uma norma", None),
    ],
)
def test_a_law_is_named_and_linked(enactment: dict[str, Any], name: str, urn: str | None) -> None:
    law = enacted_law(enactment)
    assert law is not None
    assert (law.name, law.urn) == (name, urn and f"urn:lex:br:{urn}")
    assert law.address == (urn and f"https://www.lexml.gov.br/urn/urn:lex:br:{urn}")
    assert enacted_law({"type_code": "LEI"}) is None
    assert enacted_law(None) is None


def test_machines_are_told_the_law_and_one_id_in_both_languages(visit: Visit, english_visit: Visit) -> None:
    became = bill(status="ENACTED", enactment={"type_code": "LEI", "number": "14811", "year": 2024})
    law = enacted_law(became["enactment"])
    ours, theirs = (legislation(one, became, "/pl/1432/2024", law) for one in (visit, english_visit))
    assert ours["@id"] == theirs["@id"] == "https://legis.example/pl/1432/2024"
    assert theirs["url"] == "https://legis.example/en/pl/1432/2024"
    assert ours["workExample"]["name"] == "Lei nº 14.811/2024"
    assert "Lei nº 14.811/2024" in html_of(visit, shown_bill(visit, _parts(became)), PAGES)


def test_a_joined_bill_says_to_which(visit: Visit) -> None:
    tied = [
        {"kind": "RELATED", "upstream_id": None, "identifier": "REQ 5/2024", "url": "javascript:x", "title": None},
        {"kind": "JOINED_TO", "upstream_id": "77", "identifier": "PL 9/2020", "url": None, "title": "Ementa."},
    ]
    view = bill_view(visit, _parts(bill(status="JOINED", related_bills=tied)))
    assert [(one.identifier, one.address) for one in view.related.leading] == [("PL 9/2020", "/bills/camara-77")]
    assert [(one.kind.text, one.address) for one in view.related.shown] == [
        ("Apensado a", "/bills/camara-77"), ("Relacionado", None),
    ]  # fmt: skip
    html = html_of(visit, shown_bill(visit, _parts(bill(status="JOINED", related_bills=tied))), PAGES)
    assert 'Anda junto com: <a href="/bills/camara-77">PL 9/2020</a>' in html
    assert bill_view(visit, _parts(bill(related_bills=tied))).related.leading == ()


def test_explanation_keywords_and_decision_are_shown(visit: Visit) -> None:
    decision = {"decided_on": "2026-11-01", "code": None, "text": "Aprovada", "destination_text": "À sanção"}
    of = bill(abstract="Cria o programa.", keywords=["Internet", "Saúde"], decision=decision)
    html = html_of(visit, shown_bill(visit, _parts(of)), PAGES)
    for told in ("Cria o programa.", "Internet, Saúde", "Aprovada", "À sanção", "1º nov 2026"):
        assert told in html
    assert bill_view(visit, _parts(bill(title="x", abstract="x"))).abstract is None


def test_bodies_meetings_texts_and_steps_lead_on(visit: Visit) -> None:
    met = {"id": "camara-event-7", "start": "2026-12-01T12:00:00Z", "status": "CONFIRMED", "organization_name": "CAS",
           "location": None}  # fmt: skip
    texts = [
        {**TEXT, "url": f"https://camara.test/{year}.pdf", "published_on": f"{year}-01-01"}
        for year in (2024, 2026, 2025)
    ]
    parts = replace(
        _parts(bill(next_event=met, documents=texts)), journey=journey(entry(url="https://camara.test/step"))
    )
    html = html_of(visit, shown_bill(visit, parts), PAGES)
    for link in ("/agenda/camara-event-7", "/committees/camara-org-1", "https://camara.test/step"):
        assert f'href="{link}"' in html
    assert 'href="https://camara.test/2026.pdf" rel="external">Ler o texto' in html
    assert "curl https://legis.example/api/v1/bills/camara-1" in html
    assert "data-print" in html
    office = bill(organization={"id": "camara-org-3", "acronym": "SLSF", "name": "Secretaria Legislativa"})
    assert bill_view(visit, _parts(office)).body_page is None, "an office has no record"


def test_evidence_is_said_in_portuguese_where_the_words_are_known(visit: Visit, english_visit: Visit) -> None:
    told = [*OTHER["evidence"], "camara-1: began in the Senado", "birth date 1980-11-11"]  # type: ignore[misc]
    parts = evidence(*told)["evidence_parts"]
    assert [(one.text, one.english) for one in evidence_texts(visit, parts)] == [
        ("as duas são PL 1432/2024", False),
        ("ementas 97\u00a0% parecidas", False),
        ("a sentence of another kind", True),
        ("camara-1: começou no Senado", False),
        ("mesmo nascimento: 11 nov 1980", False),
    ]
    assert [one.text for one in evidence_texts(english_visit, parts)] == told


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "OTHER"])
def test_every_kind_of_evidence_has_words(visit: Visit, kind: str) -> None:
    values = {"TITLES_ALIKE": "0.97", "BEGAN_IN": "CAMARA", "AUTHOR": "SENADO", "BIRTH_DATE": "1980-11-11"}
    part = {"kind": kind, "text": "x", "record_id": "camara-1", "field": "f", "value": values.get(kind, "v")}
    (said,) = evidence_texts(visit, [part])
    assert not said.english
    assert said.text != "x"


@pytest.mark.parametrize(
    ("given", "plain"),
    [
        ("2.630", "2630"),
        ("02630", "2630"),
        ("2630", "2630"),
        ("2.63", "2.63"),
        ("0", "0"),
        ("x", "x"),
        ("1.000.000", "1000000"),
    ],
)
def test_a_number_without_points_and_zeros(given: str, plain: str) -> None:
    assert plain_number(given) == plain


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({}, True),
        ({"nominal": None, "counts": None, "counts_published": None}, False),
        ({"nominal": False, "secret": True}, False),
        ({"flags": [{"code": "VOTES_MISSING"}]}, False),
    ],
)
def test_only_where_the_source_tells_it_a_link_promises_how_each_voted(
    visit: Visit, english_visit: Visit, changed: dict[str, Any], told: bool
) -> None:
    one = voting(id="camara-vote-7", description="D", **changed)
    step = entry(type="VOTE_EVENT", id="camara-vote-7", kind="PASSAGE")
    older = entry(type="VOTE_EVENT", id="camara-vote-6", kind="PASSAGE")
    for there, each, plain in (
        (visit, "Como cada um votou", "A votação"),
        (english_visit, "How each member voted", "The voting"),
    ):
        parts = replace(_parts(bill(), votes=[one]), journey=journey(step, older))
        html = html_of(there, shown_bill(there, parts), PAGES)
        links = re.findall(r'<a[^>]* href="[^"]*/votes/camara-vote-(\d)"[^>]*>([^<]*)<', html)
        assert sorted(links) == sorted([("7", each if told else plain)] * 2 + [("6", plain)])
