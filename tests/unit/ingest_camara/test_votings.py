"""Votings: totals out of prose, results, members' votes."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from ingest_camara.normalizer.bill import SubResources, from_detail
from ingest_camara.normalizer.marks import votings_mark
from ingest_camara.normalizer.votings import is_nominal, newest_first, published_counts
from ingest_camara.wire.votings import MemberVote, Voting
from legis.domain.vocabulary import VoteOption, VoteResult

Make = Callable[..., Any]


def voting(**changes: Any) -> Voting:
    raw = {
        "id": "2500001-8",
        "data": "2025-11-03",
        "dataHoraRegistro": "2025-11-03T21:04:46",
        "siglaOrgao": "PLEN",
        "uriOrgao": "https://dadosabertos.camara.leg.br/api/v2/orgaos/180",
        "uriEvento": None,
        "proposicaoObjeto": "REQ 1/2025",
        "descricao": "Aprovado o Requerimento. Sim: 236; Não: 178; Abstenção: 2; Total: 416.",
        "aprovacao": 1,
    }
    return Voting.model_validate({**raw, **changes})


def vote(name: str, option: str, member_id: int = 1) -> MemberVote:
    member = {"id": member_id, "nome": name, "siglaPartido": "ABC", "siglaUf": "SP", "email": "x@y.z"}
    return MemberVote.model_validate({"tipoVoto": option, "dataRegistroVoto": None, "deputado_": member})


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("Sim: 236; Não: 178; Total: 414.", (236, 178, 0, 0)),
        ("Mantido o texto. Sim: 328; não: 160; abstenção: 2; total: 490.", (328, 160, 2, 0)),
        ("Sim 163; não: 256; total: 419.", (163, 256, 0, 0)),
        ("Resultado: Sim, 11; Não: 32; Obstrução: 7. Total: 43.", (11, 32, 0, 7)),
        ('resultado:  39 votos "Sim", 18 votos "Não". Quórum de votação: 57 votos.', (39, 18, 0, 0)),
        ("Sim: 21 ; Não: 10 ; Abstenção: 1; Total: 32.", (21, 10, 1, 0)),
        ("Aprovado o Parecer.", None),
        ("Dep. Fulano votou sim.", None),
        (None, None),
    ],
)
def test_totals_out_of_prose(text: str | None, counts: tuple[int, ...] | None) -> None:
    found = published_counts(text)
    assert (found and (found.yes, found.no, found.abstain, found.other)) == counts


@pytest.mark.parametrize(
    ("approval", "text", "result"),
    [
        (1, "Aprovado.", VoteResult.PASSED),
        (0, "Rejeitado o Requerimento.", VoteResult.FAILED),
        (0, "Rejeitadas as Emendas.", VoteResult.FAILED),
        (0, "Concedida a vista.", VoteResult.UNKNOWN),
        (0, "Apresentação do Voto em Separado.", VoteResult.UNKNOWN),
        (None, "Mantido o texto.", VoteResult.UNKNOWN),
    ],
)
def test_results(detail: Make, approval: int | None, text: str, result: VoteResult) -> None:
    parts = SubResources(votings=[voting(aprovacao=approval, descricao=text)])
    assert from_detail(detail(), parts).vote_events[0].result is result


def test_a_nominal_voting(detail: Make) -> None:
    options = ["Sim", "Não", "Abstenção", "Obstrução", "Artigo 17", "Talvez"]
    votes = [vote(f"Dep. {n}", option, n) for n, option in enumerate(options)]
    event = from_detail(detail(), SubResources(votings=[voting()], votes={"2500001-8": votes})).vote_events[0]
    assert [v.option for v in event.votes] == [
        VoteOption.YES,
        VoteOption.NO,
        VoteOption.ABSTAIN,
        VoteOption.OBSTRUCTION,
        VoteOption.PRESIDING,
        VoteOption.OTHER,
    ]
    assert [v.option_text for v in event.votes] == options
    assert (event.votes[1].legislator_id, event.votes[1].party, event.votes[1].state) == ("1", "ABC", "SP")
    assert "x@y.z" not in event.model_dump_json()
    assert (event.date, event.at) == (date(2025, 11, 3), datetime(2025, 11, 4, 0, 4, 46, tzinfo=UTC))
    assert event.counts is not None
    assert event.counts.yes == 236  # as published, not as listed
    assert event.subject_identifier == "REQ 1/2025"


def test_totals_are_counted_where_none_are_published(detail: Make) -> None:
    votes = {"2500001-8": [vote("A", "Sim"), vote("B", "Sim"), vote("C", "Artigo 17")]}
    event = from_detail(detail(), SubResources(votings=[voting(descricao="Aprovado.")], votes=votes)).vote_events[0]
    assert event.counts is not None
    assert (event.counts.yes, event.counts.no, event.counts.other) == (2, 0, 1)


def test_which_votings_may_have_votes() -> None:
    assert is_nominal(voting(descricao="Aprovado."))
    assert is_nominal(voting(siglaOrgao="CCJC"))
    assert not is_nominal(voting(siglaOrgao="CCJC", descricao="Aprovado o Parecer."))


def test_order_and_mark_do_not_depend_on_upstreams_order() -> None:
    rows = [voting(id="9-1", data="2025-01-01"), voting(id="9-3"), voting(id="9-2")]
    assert [row.id for row in newest_first(rows)] == ["9-3", "9-2", "9-1"]
    assert votings_mark(rows) == votings_mark(rows[::-1])
    assert votings_mark(rows) != votings_mark(rows[:2])


def test_votes_left_out_are_said(detail: Make) -> None:
    bill = from_detail(detail(), SubResources(votings=[voting()], votes_left_out=3))
    assert [(f.code, f.field) for f in bill.quality_flags] == [("TRUNCATED", "vote_events")]
