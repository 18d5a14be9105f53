"""Votings: purposes, results, members' votes, and what is to be doubted of them."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from ingest_camara.normalizer.bill import SubResources, from_detail
from ingest_camara.normalizer.marks import votings_mark
from ingest_camara.normalizer.votings import is_nominal, newest_first
from ingest_camara.wire.voting_records import MemberVote, Voting
from legis.domain.bill import VoteCounts
from legis.domain.voting import VoteOption
from legis.telemetry.metrics import UNKNOWN_CODES

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


def vote(name: str, option: str | None, member_id: int = 1, *, party: str = "ABC", at: str | None = None) -> MemberVote:
    member = {"id": member_id, "nome": name, "siglaPartido": party, "siglaUf": "SP", "email": "x@y.z"}
    return MemberVote.model_validate({"tipoVoto": option, "dataRegistroVoto": at, "deputado_": member})


@pytest.mark.parametrize(
    ("approval", "text", "purpose", "result", "flags"),
    [
        (1, "Aprovado.", "UNKNOWN", "PASSED", ["PURPOSE_UNKNOWN"]),
        (0, "Rejeitado o Requerimento.", "REQUEST", "FAILED", []),
        (0, "Rejeitadas as Emendas.", "AMENDMENT", "FAILED", []),
        (0, "Concedida a vista.", "NOT_A_VOTE", "NO_VOTE", ["NOT_A_VOTE"]),
        (0, "Apresentação do Voto em Separado n. 2 CCJC, pela Deputada F.", "NOT_A_VOTE", "NO_VOTE", ["NOT_A_VOTE"]),
        (1, "Realizar o encaminhamento do PL-1/2019 à CFT.", "NOT_A_VOTE", "NO_VOTE", ["NOT_A_VOTE"]),
        (None, "Mantido o texto. Sim: 2; não: 1; total: 3.", "SEPARATE_VOTE", "KEPT", []),
        (None, "Suprimido o texto. Sim: 2; não: 1; total: 3.", "SEPARATE_VOTE", "REMOVED", []),
        (0, "Aprovado o Projeto. Sim: 18; Não: 15.", "PASSAGE", "PASSED", ["RESULT_CONTRADICTS"]),
        (1, "Rejeitado o Projeto.", "PASSAGE", "FAILED", ["RESULT_CONTRADICTS"]),
        (1, "Suprimido o texto.", "SEPARATE_VOTE", "REMOVED", ["RESULT_CONTRADICTS"]),
        (1, "Requerimento subscrito pela Deputada F.", "REQUEST", "UNKNOWN", ["RESULT_UNKNOWN"]),
        (None, None, "UNKNOWN", "UNKNOWN", ["RESULT_UNKNOWN", "PURPOSE_UNKNOWN"]),
    ],
)
def test_purposes_and_results(
    detail: Make, approval: int | None, text: str | None, purpose: str, result: str, flags: list[str]
) -> None:
    parts = SubResources(votings=[voting(aprovacao=approval, descricao=text, proposicaoObjeto=None)])
    event = from_detail(detail(), parts).vote_events[0]
    assert (event.purpose, event.result) == (purpose, result)
    assert [flag.code for flag in event.flags] == flags


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
    assert event.counts == VoteCounts(yes=1, no=1, abstain=1, other=3)  # as listed
    assert event.counts_published == VoteCounts(yes=236, no=178, abstain=2)
    assert [flag.code for flag in event.flags] == ["COUNTS_DIFFER", "VOTES_MISSING"]
    assert (event.nominal, event.secret) == (True, False)
    assert event.subject_identifier == "REQ 1/2025"


@pytest.mark.parametrize("text", [None, ""])
def test_a_secret_voting_lists_who_voted_and_not_how(detail: Make, text: str | None) -> None:
    before = UNKNOWN_CODES.labels("camara", "tipoVoto")._value.get()
    described = "Votos: \r\nFulana de Tal: \r\nSim: 388;\r\nNão: 22;\r\nAbstenção: 11;\r\nTotal: 421."
    row = voting(descricao=described, proposicaoObjeto="OBJ 2/2025", aprovacao=1)
    votes = {row.id: [vote(f"Dep. {n}", text, n) for n in range(421)]}
    event = from_detail(detail(), SubResources(votings=[row], votes=votes)).vote_events[0]
    assert {v.option for v in event.votes} == {VoteOption.SECRET}
    assert (event.secret, event.nominal) == (True, False)
    assert event.counts == event.counts_published == VoteCounts(yes=388, no=22, abstain=11)
    assert (event.purpose, event.result, event.flags) == ("NOMINATION", "PASSED", ())
    assert UNKNOWN_CODES.labels("camara", "tipoVoto")._value.get() == before


def test_one_empty_choice_among_others_is_no_secret(detail: Make) -> None:
    votes = {"2500001-8": [vote("A", "Sim", 1), vote("B", None, 2)]}
    event = from_detail(detail(), SubResources(votings=[voting(descricao="Aprovado.")], votes=votes)).vote_events[0]
    assert [v.option for v in event.votes] == [VoteOption.YES, VoteOption.OTHER]
    assert event.secret is False


def test_totals_without_votes_are_missed_only_where_they_were_asked_for(detail: Make) -> None:
    asked = from_detail(detail(), SubResources(votings=[voting()], votes={"2500001-8": []})).vote_events[0]
    assert [flag.code for flag in asked.flags] == ["VOTES_MISSING"]
    assert asked.nominal is True
    assert asked.counts == asked.counts_published
    assert from_detail(detail(), SubResources(votings=[voting()])).vote_events[0].flags == ()
    secret = voting(descricao="Aprovado em votação secreta. Sim: 3; Não: 1.")
    hidden = from_detail(detail(), SubResources(votings=[secret], votes={"2500001-8": []})).vote_events[0]
    assert (hidden.secret, hidden.nominal) == (True, False)
    assert "VOTES_MISSING" not in {flag.code for flag in hidden.flags}


def test_a_symbolic_voting_with_a_few_votes_on_request_is_not_said_to_be_nominal(detail: Make) -> None:
    votes = {"2500001-8": [vote("A", "Não", 1)]}
    few = from_detail(detail(), SubResources(votings=[voting(descricao="Aprovado o Parecer.")], votes=votes))
    assert few.vote_events[0].nominal is None
    said = voting(descricao="Aprovado o Parecer em votação simbólica.")
    assert from_detail(detail(), SubResources(votings=[said])).vote_events[0].nominal is False


def test_votes_that_are_another_votings_to_the_second(detail: Make) -> None:
    members = [vote(f"Dep. {n}", "Sim" if n < 30 else "Não", n, at=f"2025-11-03T21:0{n % 10}:00") for n in range(50)]
    rows = [
        voting(id="1-1", descricao="Aprovado o Projeto. Sim: 30; Não: 20; Total: 50."),
        voting(id="1-2", descricao="Rejeitado o Requerimento. Sim: 28; Não: 21; Total: 49.", aprovacao=0),
    ]
    bill = from_detail(detail(), SubResources(votings=rows, votes={"1-1": members, "1-2": members[::-1]}))
    told = {event.upstream_id: [flag.code for flag in event.flags] for event in bill.vote_events}
    assert told == {"1-1": [], "1-2": ["COUNTS_DIFFER", "VOTES_OF_ANOTHER"]}
    other = [vote(f"Dep. {n}", "Sim" if n < 30 else "Não", n, at="2025-11-03T20:00:00") for n in range(50)]
    apart = from_detail(detail(), SubResources(votings=rows, votes={"1-1": members, "1-2": other}))
    assert [flag.code for flag in apart.vote_events[0].flags] == ["COUNTS_DIFFER"]


@pytest.mark.parametrize(
    ("label", "party", "text"),
    [
        ("UNIAO", "UNIÃO", "UNIAO"),
        ("PT", "PT", None),
        ("S/Partido", None, "S/Partido"),
        ("REPUBLIC", "REPUBLICANOS", "REPUBLIC"),
    ],
)
def test_parties_of_votes(detail: Make, label: str, party: str | None, text: str | None) -> None:
    votes = {"2500001-8": [vote("A", "Sim", 1, party=label)]}
    event = from_detail(detail(), SubResources(votings=[voting(descricao="Aprovado.")], votes=votes)).vote_events[0]
    assert (event.votes[0].party, event.votes[0].party_text) == (party, text)


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
