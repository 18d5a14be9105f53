"""Votings as records: openings, totals, benches, bills, dates, and what each answer claims."""

from datetime import date
from typing import Any

import pytest
from ingest_camara.normalizer.vote_events import FileParts, from_detail, from_file, from_list_row, legislature_of
from ingest_camara.vocabulary.benches import bench, orientation_option
from ingest_camara.wire.bulk import Header
from ingest_camara.wire.vote_event_records import OrientationRow, VotingDetail
from ingest_camara.wire.voting_columns import VOTE_COLUMNS, VotedBillRow, VoteRow, VotingRow
from ingest_camara.wire.voting_records import MemberVote, Voting
from legis.domain.records.vote_completion import completed
from legis.domain.voting import VoteCounts
from legis.telemetry.metrics import UNKNOWN_CODES

DAY = date(2025, 11, 3)
RAW = {
    "id": "2500001-8",
    "data": "2025-11-03",
    "dataHoraRegistro": "2025-11-03T21:04:46",
    "siglaOrgao": "PLEN",
    "uriOrgao": "https://dadosabertos.camara.leg.br/api/v2/orgaos/180",
    "uriEvento": "https://dadosabertos.camara.leg.br/api/v2/eventos/80001",
    "descricao": "Rejeitado o Requerimento. Sim: 100; não: 200; total: 300.",
    "aprovacao": 0,
}
ROW = VotingRow(
    "2500001-8",
    "2025-11-03",
    "2025-11-03T21:04:46",
    "180",
    "PLEN",
    "80001",
    "0",
    "100",
    "200",
    "4",
    RAW["descricao"],
    "",
)


def detail(**changes: Any) -> VotingDetail:
    return VotingDetail.model_validate({**RAW, **changes})


def votes(*options: str) -> list[VoteRow]:
    return [VoteRow("2500001-8", "", option, str(n), f"Dep. {n}", "PT", "SP") for n, option in enumerate(options, 1)]


@pytest.mark.parametrize(
    ("opening", "purpose"),
    [
        ("Votação do Requerimento de Retirada de Pauta.", "WITHDRAW_FROM_AGENDA"),
        ("Votação do Requerimento de Urgência (Art. 155 do RICD).", "URGENCY"),
        ("Votação do Requerimento de adiamento da discussão por uma sessão.", "POSTPONE"),
        ("Votação do Requerimento de encerramento da discussão.", "CLOSE_DEBATE"),
        ("Votação do Requerimento de votação parcelada.", "VOTING_METHOD"),
        ("Votação do Requerimento.", "REQUEST"),
        (None, "REQUEST"),
    ],
)
def test_the_opening_tells_what_a_bare_request_asked_for(opening: str | None, purpose: str) -> None:
    assert from_detail(detail(descUltimaAberturaVotacao=opening), None, None).purpose == purpose
    filed = from_file(ROW._replace(abertura=opening or ""), FileParts(), {})
    if opening is None:
        assert "purpose" not in filed.model_fields_set, "the detail has it, which is read too"
    else:
        assert filed.purpose == purpose


def test_an_opening_does_not_overrule_a_description_that_speaks() -> None:
    told = detail(descricao="Aprovado o Projeto de Lei nº 1, de 2025.", descUltimaAberturaVotacao="Retirada de Pauta")
    assert from_detail(told, None, None).purpose == "PASSAGE"
    named = detail(descricao="Aprovado o Requerimento de Urgência.", descUltimaAberturaVotacao="Retirada de Pauta")
    assert from_detail(named, None, None).purpose == "URGENCY"


def test_each_answer_claims_what_it_speaks_of() -> None:
    row = from_list_row(Voting.model_validate(RAW))
    assert not {"votes", "orientations", "purpose"} & row.model_fields_set
    alone = from_detail(detail(), None, None)
    assert not {"votes", "orientations"} & alone.model_fields_set
    whole = from_detail(detail(), [], [])
    assert (whole.votes, whole.orientations) == ((), ())
    assert {"votes", "orientations"} <= whole.model_fields_set
    filed = from_file(ROW, FileParts(), {})
    assert not {"votes", "orientations", "subject_identifier"} & filed.model_fields_set
    assert "votes" in from_file(ROW, FileParts(votes=[]), {}).model_fields_set


def test_the_same_facts_are_the_same_in_file_and_detail() -> None:
    filed, told = from_file(ROW, FileParts(), {}), from_detail(detail(), None, None)
    for name in (filed.model_fields_set & told.model_fields_set) - {"counts_published"}:
        assert getattr(filed, name) == getattr(told, name), name
    assert filed.event_id == "camara-event-80001"
    assert filed.organization_id == "camara-org-180"
    assert (filed.plenary, filed.legislature) == (True, 57)


def test_zeros_and_empties_of_the_file_mean_none() -> None:
    empty = ROW._replace(
        idEvento="0",
        idOrgao="0",
        siglaOrgao="",
        aprovacao="",
        descricao="",
        votosSim="0",
        votosNao="0",
        votosOutros="0",
    )
    record = from_file(empty, FileParts(), {})
    assert (record.event_id, record.organization_id, record.organization, record.plenary) == (None,) * 4
    assert (record.counts_published, record.description) == (None, None)


@pytest.mark.parametrize(
    ("figures", "text", "options", "published"),
    [
        (("2", "1", "0"), "Sim: 9; Não: 1; Total: 10.", ["Sim", "Sim", "Não"], (2, 1, 0, 0)),
        (("1", "1", "3"), "", ["Sim", "Não", "Abstenção", "Obstrução", "Artigo 17"], (1, 1, 1, 2)),
        (("1", "1", "3"), "Sim: 1; Não: 1; Abstenção: 2; Total: 4.", [], (1, 1, 2, 1)),
        (("1", "1", "3"), "", [], (1, 1, 0, 3)),
        (("0", "0", "0"), "Sim: 5; Não: 1; Abstenção: 2; Total: 8.", [], (5, 1, 2, 0)),
    ],
)
def test_figures_of_the_file_are_divided_as_members_voted(
    figures: tuple[str, str, str], text: str, options: list[str], published: tuple[int, ...]
) -> None:
    row = ROW._replace(votosSim=figures[0], votosNao=figures[1], votosOutros=figures[2], descricao=text)
    record = completed(from_file(row, FileParts(votes=votes(*options)), {}))
    names = ("yes", "no", "abstain", "other")
    assert record.counts_published == VoteCounts(**dict(zip(names, published, strict=True)))
    assert "COUNTS_DIFFER" not in {flag.code for flag in record.flags}


def test_empty_choices_alone_are_a_secret_voting() -> None:
    secret = completed(from_file(ROW._replace(descricao=""), FileParts(votes=votes("", "")), {}))
    assert {vote.option for vote in secret.votes} == {"SECRET"}
    assert (secret.secret, secret.nominal) == (True, False)
    mixed = completed(from_file(ROW._replace(descricao=""), FileParts(votes=votes("", "Sim")), {}))
    assert [vote.option for vote in mixed.votes] == ["OTHER", "YES"]
    assert mixed.secret is False


def test_a_party_is_that_of_the_day_and_a_member_has_our_whole_id() -> None:
    rows = [VoteRow("1-1", "2017-11-03T10:00:01", "Sim", "204554", "Abou  Anni", "PMDB", "SP")]
    record = from_file(ROW._replace(data="2017-11-03"), FileParts(votes=rows), {})
    (vote,) = record.votes
    assert (vote.legislator_id, vote.name) == ("camara-deputy-204554", "Abou Anni")
    assert (vote.party, vote.party_text) == ("MDB", "PMDB")
    assert vote.at is not None
    assert vote.at.isoformat() == "2017-11-03T12:00:01+00:00", "summer time"
    listed = MemberVote.model_validate({"tipoVoto": "Sim", "deputado_": {"id": 1, "nome": "A", "email": "a@b.c"}})
    assert "a@b.c" not in from_detail(detail(), [listed], None).model_dump_json()


@pytest.mark.parametrize(
    ("registered", "suspect"),
    [
        ("2025-11-03T23:00:00", False),
        ("2025-11-10T09:00:00", False),
        ("2025-11-11T09:00:00", True),
        ("2025-11-02T22:00:00", True),
    ],
)
def test_a_date_is_suspect_where_it_contradicts_the_registration(registered: str, suspect: bool) -> None:
    flags = {flag.code for flag in from_detail(detail(dataHoraRegistro=registered), None, None).flags}
    assert ("DATE_SUSPECT" in flags) is suspect


def test_bills_of_a_voting() -> None:
    asked = detail(
        proposicaoObjeto="REQ 7/2025",
        uriProposicaoObjeto="https://dadosabertos.camara.leg.br/api/v2/proposicoes/77",
        proposicoesAfetadas=[{"id": 5, "siglaTipo": "PL", "numero": 9, "ano": 2024}],
    )
    found = [(bill.id, bill.role, bill.identifier) for bill in from_detail(asked, None, None).bills]
    assert found == [
        ("camara-2500001", "AFFECTED", None),
        ("camara-5", "AFFECTED", "PL 9/2024"),
        ("camara-77", "OBJECT", "REQ 7/2025"),
    ]
    other = detail(proposicaoObjeto="PFC 7/2025", uriProposicaoObjeto="https://h/proposicoes/77")
    assert from_detail(other, None, None).bills[-1].role == "OBJECT", "by its place, whatever its type"
    rows = [
        VotedBillRow("2500001-8", "2500001", "PL  1/2025", "PL"),
        VotedBillRow("2500001-8", "8", "REQ 3/2025", "REQ"),
    ]
    filed = from_file(ROW, FileParts(bills=rows), {}).bills
    assert [(bill.id, bill.role, bill.identifier) for bill in filed] == [
        ("camara-2500001", "AFFECTED", "PL 1/2025"), ("camara-8", "OBJECT", "REQ 3/2025"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("label", "is_bloc", "kind", "parties"),
    [
        ("NOVO", False, "PARTY", ("NOVO",)),
        ("Solidaried", False, "PARTY", ("SOLIDARIEDADE",)),
        ("Republican", None, "PARTY", ("REPUBLICANOS",)),
        ("Podemos", False, "PARTY", ("PODE",)),
        ("Bl AvanSolidPrd...", True, "BLOC", ("AVANTE", "SOLIDARIEDADE", "PRD")),
        ("Bl UniPpPsdRepMdb...", None, "BLOC", ("UNIÃO", "PP", "PSD", "REPUBLICANOS", "MDB")),
        ("Fdr PT-PCdoB-PV", True, "FEDERATION", ("PT", "PCdoB", "PV")),
        ("Fdr PSOL-REDE", None, "FEDERATION", ("PSOL", "REDE")),
        ("Governo", True, "LEADERSHIP", ()),
        ("Oposição", None, "LEADERSHIP", ()),
        ("Minoria", True, "LEADERSHIP", ()),
        ("PT/PCdoB", None, "BLOC", ("PT", "PCdoB")),
        ("Bl XyzAbc...", True, "BLOC", ()),
        ("Partido Que Não Há", False, "PARTY", ()),
    ],
)
def test_benches(label: str, is_bloc: bool | None, kind: str, parties: tuple[str, ...]) -> None:
    assert bench(label, is_bloc, DAY) == (kind, parties)


def test_what_a_bench_was_told() -> None:
    words = ("Sim", "Não", "Liberado", "", None, "Obstrução", "Abstenção")
    assert [orientation_option(word) for word in words] == [
        "YES", "NO", "FREE", "FREE", "FREE", "OBSTRUCTION", "ABSTAIN",
    ]  # fmt: skip
    before = UNKNOWN_CODES.labels("camara", "orientacaoVoto")._value.get()
    assert orientation_option("Talvez") == "OTHER"
    assert UNKNOWN_CODES.labels("camara", "orientacaoVoto")._value.get() == before + 1
    row = OrientationRow.model_validate({"siglaPartidoBloco": "PT", "codTipoLideranca": "P", "orientacaoVoto": ""})
    (orientation,) = from_detail(detail(), None, [row]).orientations
    assert (orientation.option, orientation.option_text, orientation.party_ids) == ("FREE", None, ("PT",))


def test_turns_and_legislatures() -> None:
    assert from_detail(detail(descricao="Aprovada, em segundo turno, a PEC 1/2025."), None, None).turn == 2
    assert (
        from_detail(detail(descricao="Aprovado o Projeto.", descUltimaAberturaVotacao="1º turno"), None, None).turn == 1
    )
    assert from_detail(detail(), None, None).turn is None
    days = (date(2023, 1, 31), date(2023, 2, 1), date(1987, 2, 1), date(1987, 1, 31), None)
    assert [legislature_of(day) for day in days] == [56, 57, 48, None, None]


def test_columns_by_other_names_and_unknown_ones() -> None:
    names = ("idVotacao", "dataHoraVoto", "voto", "deputado_.id", "deputado_nome", "deputado_siglaPartido")
    columns = VOTE_COLUMNS(Header((*names, "deputado_siglaUf", "nova")))
    bound = columns.bind(("1-1", "", "Sim", "7", "A", "PT", "SP", "x"))
    assert bound.row == VoteRow("1-1", "", "Sim", "7", "A", "PT", "SP")
    assert bound.unknown == {"nova": "x"}
    with pytest.raises(ValueError, match="key"):
        columns.bind(("", "", "Sim", "7", "A", "PT", "SP", "x"))
