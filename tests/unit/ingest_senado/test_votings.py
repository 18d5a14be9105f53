"""Votings are counted where the Senado does not count, secret votes stay secret, and every code has a word."""

from typing import Any

import pytest
from ingest_senado.normalizer import Sighting, from_votings
from ingest_senado.vocabulary.votes import vote_option
from ingest_senado.wire.voting import VotingRow
from legis.domain.bill import VoteCounts
from legis.domain.vocabulary import VoteOption, VoteResult
from legis.telemetry.metrics import UNKNOWN_CODES

# The thirteen codes of current answers, those of older years, and the descriptions that stand in their place.
CODES = ["Sim", "Não", "Abstenção", "Votou", "Presidente (art. 51 RISF)", "P-NRV", "P-OD", "AP", "LS", "LP", "LAP",
         "MIS", "NCom", "NA", "AFO", "PSF", "REP", "MERC", "Obstrução", "NR", "NH", "SI"]  # fmt: skip


def voting(**changes: Any) -> VotingRow:
    names = ("Ana", "Bia", "Caio", "Davi")
    votes = [
        {"codigoParlamentar": i, "nomeParlamentar": name, "siglaPartidoParlamentar": "PT", "siglaUFParlamentar": "AC",
         "siglaVotoParlamentar": vote, "descricaoVotoParlamentar": None}
        for i, (name, vote) in enumerate(zip(names, ("Sim", "Sim", "Não", "P-NRV"), strict=True))
    ]  # fmt: skip
    row = {
        "codigoSessaoVotacao": 6919, "idProcesso": 9000001, "identificacao": "PL 12/2025",
        "dataSessao": "2025-03-11T00:00:00", "descricaoVotacao": "Votação nominal", "resultadoVotacao": "A",
        "votacaoSecreta": "N", "totalVotosSim": None, "totalVotosNao": None, "totalVotosAbstencao": None,
        "votos": votes,
        "informeLegislativo": {"siglaColegiado": "PLEN", "nomeColegiado": "Plenário", "casaColegiado": "SF"},
    }  # fmt: skip
    return VotingRow.model_validate(row | changes)


def test_a_nominal_voting_is_counted_from_its_votes(sighting: Sighting) -> None:
    (event,) = from_votings("9000001", [voting()], sighting).vote_events
    assert event.counts == VoteCounts(yes=2, no=1, abstain=0, other=1)
    assert (event.result, event.secret, event.upstream_id) == (VoteResult.PASSED, False, "6919")
    assert event.at is None
    assert event.date is not None


def test_a_secret_voting_keeps_its_totals_and_hides_its_votes(sighting: Sighting) -> None:
    votes = [{"nomeParlamentar": n, "siglaVotoParlamentar": "Votou"} for n in "abc"]
    votes += [
        {"nomeParlamentar": "d", "siglaVotoParlamentar": "Sim"},
        {"nomeParlamentar": "e", "siglaVotoParlamentar": "LS"},
    ]
    row = voting(votacaoSecreta="S", totalVotosSim=48, totalVotosNao=4, totalVotosAbstencao=1, votos=votes,
                 resultadoVotacao="R")  # fmt: skip
    (event,) = from_votings("9000001", [row], sighting).vote_events
    assert event.counts == VoteCounts(yes=48, no=4, abstain=1, other=0)
    assert (event.secret, event.result) == (True, VoteResult.FAILED)
    assert [v.option for v in event.votes] == [VoteOption.SECRET] * 4 + [VoteOption.ABSENT]


def test_votings_stand_once_and_in_order(sighting: Sighting) -> None:
    rows = [voting(), voting(codigoSessaoVotacao=6000, dataSessao="2024-01-01"), voting()]
    bill = from_votings("9000001", rows, sighting)
    assert [event.upstream_id for event in bill.vote_events] == ["6000", "6919"]
    assert bill.model_fields_set <= {"source", "upstream_id", "vote_events", "extras"}


@pytest.mark.parametrize("code", CODES)
def test_every_known_code_has_a_word(code: str) -> None:
    before = UNKNOWN_CODES.labels("senado", "vote_option")._value.get()
    vote_option(code)
    assert UNKNOWN_CODES.labels("senado", "vote_option")._value.get() == before


def test_an_unknown_code_is_other_and_counted() -> None:
    before = UNKNOWN_CODES.labels("senado", "vote_option")._value.get()
    assert vote_option("XYZ") is VoteOption.OTHER
    assert UNKNOWN_CODES.labels("senado", "vote_option")._value.get() == before + 1


def test_the_description_speaks_where_the_sign_does_not() -> None:
    assert vote_option(None, "Presente – Não registrou voto") is VoteOption.PRESENT
    assert vote_option("LS ", None) is VoteOption.ABSENT
