"""Signatories, subjects, documents, relations, keywords, and what of upstream's fields is kept or dropped."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from ingest_camara.normalizer.addresses import trailing_id
from ingest_camara.normalizer.bill import SubResources, from_bulk_row, from_detail
from ingest_camara.normalizer.keywords import split_keywords
from ingest_camara.normalizer.sponsors import Member, introduce, legislature_began
from ingest_camara.wire.bill_records import Author, Related, Theme
from ingest_camara.wire.bulk import BulkAuthor, BulkTheme
from legis.domain.vocabulary import Chamber, ChamberRole, CounterpartRule, RelationKind, SponsorKind, SponsorshipRole

Make = Callable[..., Any]
HOST = "https://dadosabertos.camara.leg.br/api/v2"


def author(name: str, order: int | None, uri: str | None = None, **more: Any) -> Author:
    kind = {"codTipo": 10000, "tipo": "Deputado(a)", "proponente": 1}
    return Author.model_validate({"uri": uri, "nome": name, "ordemAssinatura": order, **kind, **more})


def test_signatories_in_the_order_they_signed(detail: Make) -> None:
    rows = [
        author("Beltrana", 2, f"{HOST}/deputados/2", proponente=0),
        author("Fulano ", 1, f"{HOST}/deputados/1"),
        author("Sem ordem", None),
        author("Beltrana", 2, f"{HOST}/deputados/2", proponente=0),
    ]
    sponsors = from_detail(detail(), SubResources(authors=rows)).sponsorships
    assert [(s.name, s.order, s.legislator_id) for s in sponsors] == [
        ("Fulano", 1, "1"),
        ("Beltrana", 2, "2"),
        ("Sem ordem", None, None),
    ]
    assert [s.role for s in sponsors] == [SponsorshipRole.AUTHOR, SponsorshipRole.COAUTHOR, SponsorshipRole.COAUTHOR]
    assert [s.primary for s in sponsors] == [True, False, True]


@pytest.mark.parametrize(
    ("uri", "code", "text", "kind"),
    [
        (f"{HOST}/deputados/7", 10000, "Deputado", SponsorKind.LEGISLATOR),
        (f"{HOST}/orgaos/253", 30000, "Órgão do Poder Executivo", SponsorKind.ORGANIZATION),
        (None, 30000, "Órgão do Poder Executivo", SponsorKind.ORGANIZATION),
        (None, 71, "Comissão Permanente", SponsorKind.ORGANIZATION),
        (None, 72, "Senador(a)", SponsorKind.LEGISLATOR),
        (None, 20000, "Entidade Externa", SponsorKind.OTHER),
        (None, None, None, SponsorKind.OTHER),
    ],
)
def test_what_a_signatory_is(detail: Make, uri: str | None, code: int | None, text: str, kind: SponsorKind) -> None:
    rows = [author("X", 1, uri, codTipo=code, tipo=text)]
    assert from_detail(detail(), SubResources(authors=rows)).sponsorships[0].kind is kind


def test_a_bill_by_the_senado_began_there(detail: Make) -> None:
    rows = [
        author("Senado Federal - Sicrana", 1, f"{HOST}/orgaos/78", codTipo=40000, tipo="Órgão do Poder Legislativo")
    ]
    bill = from_detail(detail(), SubResources(authors=rows))
    assert (bill.originating_chamber, bill.chamber_role) == (Chamber.SENADO, ChamberRole.REVIEWING)
    amendment = from_detail(detail(siglaTipo="EMS"), SubResources(authors=rows))
    assert "originating_chamber" not in amendment.model_fields_set


def test_an_older_year_alone_proves_no_origin(detail: Make) -> None:
    bill = from_detail(detail(ano=2020), SubResources(authors=[author("F", 1, f"{HOST}/deputados/1")]))
    assert "originating_chamber" not in bill.model_fields_set


def test_files_bring_party_and_state_and_the_api_brings_the_directory(bulk_row: Make, detail: Make) -> None:
    row = BulkAuthor("2500001", f"{HOST}/deputados/1", "10000", "Deputado(a)", "Fulano", "ABC", "SP", "1", "1")
    by_file = from_bulk_row(bulk_row(), [row])
    assert (by_file.sponsorships[0].party, by_file.sponsorships[0].state) == ("ABC", "SP")
    by_api = from_detail(detail(), SubResources(authors=[author("Fulano", 1, f"{HOST}/deputados/1")]))
    assert by_api.sponsorships[0].party is None
    directory = {"1": Member("Fulano", "XYZ", "RJ"), "200001": Member("Fulana de Tal", "DEF", "BA")}
    known = introduce(by_api, directory, date(2026, 11, 20))
    assert (known.sponsorships[0].party, known.sponsorships[0].state) == ("XYZ", "RJ")
    assert (known.rapporteurs[0].name, known.rapporteurs[0].party) == ("Fulana de Tal", "DEF")
    filed = introduce(by_file, directory, date(2026, 11, 20)).sponsorships[0]
    assert filed.party == "ABC"  # what the file says is of its day
    later = introduce(by_api, directory, date(2027, 2, 1)).sponsorships[0]
    assert (later.party, later.state) == (None, "RJ"), "the party of another legislature is not that of the signature"


@pytest.mark.parametrize(
    ("day", "began"),
    [
        (date(2026, 11, 20), date(2023, 2, 1)), (date(2023, 2, 1), date(2023, 2, 1)),
        (date(2023, 1, 31), date(2019, 2, 1)), (date(2027, 2, 1), date(2027, 2, 1)),
        (date(2022, 1, 1), date(2019, 2, 1)),
    ],
)  # fmt: skip
def test_a_legislature_begins_in_february_of_every_fourth_year(day: date, began: date) -> None:
    assert legislature_began(day) == began


def test_an_absent_row_of_a_joined_file_is_no_statement(bulk_row: Make) -> None:
    assert not from_bulk_row(bulk_row(), [], []).model_fields_set & {"sponsorships", "subjects"}


def test_an_empty_answer_of_the_api_is_one(detail: Make) -> None:
    bill = from_detail(detail(), SubResources(authors=[], themes=[], proceedings=[], related=[], votings=[]))
    assert bill.model_fields_set >= {"sponsorships", "subjects", "actions", "related_bills", "vote_events"}


def test_subjects_do_not_depend_on_upstreams_order(detail: Make, bulk_row: Make) -> None:
    themes = [
        Theme.model_validate({"codTema": c, "tema": t, "relevancia": 0}) for c, t in ((76, "Direito"), (46, "Arte "))
    ]
    there = from_detail(detail(), SubResources(themes=themes)).subjects
    back = from_bulk_row(bulk_row(), None, [BulkTheme("1", "46", "Arte"), BulkTheme("1", "76", "Direito")]).subjects
    assert there == back
    assert [(s.code, s.name) for s in there] == [("46", "Arte"), ("76", "Direito")]


def test_relations(detail: Make) -> None:
    related = [
        {"id": 2500900, "siglaTipo": "REQ", "codTipo": "147", "numero": "13", "ano": "2026", "ementa": "Requer."},
        {"id": 900, "siglaTipo": "PRL", "codTipo": "190", "numero": "1", "ano": "0", "ementa": None},
        {"id": 2400000, "siglaTipo": "PL", "codTipo": "139", "numero": "1", "ano": "2024", "ementa": "O principal."},
    ]
    bill = from_detail(
        detail(
            uriPropPrincipal="http://www.camara.gov.br/api/v2/proposicoes/2400000",
            uriPropAnterior=f"{HOST}/proposicoes/11",
            uriPropPosterior="http://legis.senado.leg.br/dadosabertos/materia/PEC/55/2016",
        ),
        SubResources(related=[Related.model_validate(row) for row in related]),
    )
    assert [(r.kind, r.upstream_id, r.identifier) for r in bill.related_bills] == [
        (RelationKind.MAIN_BILL, "2400000", None),
        (RelationKind.PREVIOUS, "11", None),
        (RelationKind.RELATED, "900", "PRL 1"),
        (RelationKind.RELATED, "2500900", "REQ 13/2026"),
    ]
    hint = bill.counterpart_hints[0]
    assert (hint.rule, hint.chamber) == (CounterpartRule.EXPLICIT_URI, Chamber.SENADO)
    assert (hint.type_code, hint.number, hint.year) == ("PEC", 55, 2016)
    assert hint.evidence == "http://legis.senado.leg.br/dadosabertos/materia/PEC/55/2016"


def test_a_files_row_claims_relations_only_where_it_names_one(bulk_row: Make) -> None:
    assert "related_bills" not in from_bulk_row(bulk_row()).model_fields_set
    named = from_bulk_row(bulk_row(uriPropPrincipal=f"{HOST}/proposicoes/5"))
    assert named.related_bills[0].upstream_id == "5"


@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        (f"{HOST}/deputados/204485", "204485"),
        ("http://www.camara.gov.br/orgaos/4/", "4"),
        (f"{HOST}/orgaos/0", None),
        ("", None),
        (None, None),
        ("https://example.org/nothing", None),
    ],
)
def test_ids_at_the_end_of_addresses(uri: str | None, expected: str | None) -> None:
    assert trailing_id(uri) == expected


def test_documents_keep_their_address(detail: Make) -> None:
    url = "http://www.camara.gov.br/proposicoesWeb/prop_mostrarintegra?codteor=2032187"
    document = from_detail(detail(urlInteiroTeor=url)).documents[0]
    assert (document.url, document.upstream_id, document.media_type) == (url, "2032187", None)
    assert from_detail(detail(urlInteiroTeor=None)).documents == ()


@pytest.mark.parametrize(
    ("line", "terms"),
    [
        ("Robótica, esporte de competição, educação.", ("Robótica", "esporte de competição", "educação")),
        ("Reforma (2019). _Critério, União. _Readaptação.", ("Reforma (2019)", "Critério", "União", "Readaptação")),
        ("BENEFICIO. FIXAÇÃO, PRAZO, PRAZO.", ("BENEFICIO", "FIXAÇÃO", "PRAZO")),
        ("ALVARA. -NORMAS, OURIVES._ APLICAÇÃO", ("ALVARA", "NORMAS", "OURIVES", "APLICAÇÃO")),
        ("Plano (saúde, vida), Lei nº 9.478", ("Plano (saúde, vida)", "Lei nº 9.478")),
        ("aberto (sem fim, e mais", ("aberto (sem fim", "e mais")),
        (" , . _ ", ()),
        (None, ()),
    ],
)
def test_keywords(line: str | None, terms: tuple[str, ...]) -> None:
    assert split_keywords(line) == terms


def test_unknown_fields_are_kept_and_personal_ones_dropped(detail: Make) -> None:
    rows = [author("F", 1, f"{HOST}/deputados/1"), author("G", 2, None, novidade=5, cpf="123")]
    raw = detail(
        sigilo="Ostensivo",
        cpfAutor="123.456.789-00",
        novo={"a": ["x\x00", {"email": "a@b.c", "b": 1}]},
        texto="Art. 1º",
        status={"prazo": None},
    )
    bill = from_detail(raw, SubResources(authors=rows))
    assert bill.extras == {
        "sigilo": "Ostensivo",
        "novo": {"a": ["x", {"b": 1}]},
        "texto": "Art. 1º",
        "statusProposicao": {"prazo": None},
        "autores": {"1": {"novidade": 5}},
    }
    assert ("CHARACTERS_REMOVED", "extras") in {(f.code.value, f.field) for f in bill.quality_flags}


def test_new_columns_of_a_file_are_kept(bulk_row: Make) -> None:
    assert from_bulk_row(bulk_row({"novaColuna": "7"})).extras == {"novaColuna": "7"}
    assert "extras" not in from_bulk_row(bulk_row({"novaColuna": ""})).model_fields_set
