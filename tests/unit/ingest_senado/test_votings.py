"""Votings are counted where the Senado does not count, secret votes stay secret, and every code has a word."""

from typing import Any

import pytest
from ingest_senado.normalizer.bill import from_votings
from ingest_senado.normalizer.notes import Sighting
from ingest_senado.vocabulary.votes import vote_option
from ingest_senado.wire.voting_records import VotingRow
from legis.domain.bill import VoteCounts
from legis.domain.voting import VoteOption, VoteResult
from legis.telemetry.metrics import UNKNOWN_CODES

# The thirteen codes of current answers, those of older years, and the descriptions that stand in their place.
CODES = ["Sim", "Não", "Abstenção", "Votou", "Presidente (art. 51 RISF)", "P-NRV", "P-OD", "AP", "LS", "LP", "LAP",
         "MIS", "NCom", "NA", "AFO", "PSF", "REP", "MERC", "Obstrução", "NR", "NH", "SI",
         "Impedido (art.306 RISF)"]  # fmt: skip


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
    assert (event.nominal, event.counts_published) == (True, None)
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
    assert (event.secret, event.nominal, event.result) == (True, False, VoteResult.FAILED)
    assert event.counts_published == event.counts
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


@pytest.mark.parametrize(
    ("description", "identifier", "purpose"),
    [
        ("Votação nominal da Proposta de Emenda à Constituição nº 18, de 2024 (1º Turno).", "PEC 18/2024", "PASSAGE"),
        ("Votação nominal da decisão da Presidência na Questão de Ordem do Senador F.", "PLP 192/2023", "APPEAL"),
        ("Votação nominal do Ofício nº 19, de 2023 - Fulano de Tal (IFI).", "OFS 19/2023", "NOMINATION"),
        ("Votação nominal da Mensagem nº 5, de 2024 (Embaixador).", "MSF 5/2024", "NOMINATION"),
        ("Fulano de Tal", "MSF 5/2024", "NOMINATION"),
        ("Votação nominal do Requerimento nº 1, de 2024, de urgência.", "PL 1/2024", "URGENCY"),
        ("Votação nominal do Requerimento nº 184, de 2025, de adiamento da discussão.", "PL 1/2024", "POSTPONE"),
        ("Votação nominal do Requerimento nº 1, de 2024.", "PL 1/2024", "REQUEST"),
        ("Votação nominal da Emenda nº 3, de Plenário.", "PL 1/2024", "AMENDMENT"),
        ("Votação nominal do Destaque: Emenda nº 3.", "PL 1/2024", "SEPARATE_VOTE"),
        ("Substitutivo ao PLS 146/2007", None, "PASSAGE"),
        ("PLS 476/2011", None, "PASSAGE"),
        ("Votação em turno suplementar", "PLS 1/2010", "PASSAGE"),
        ("Votação nominal do Projeto de Lei nº 1, de 2024, nos termos do parecer", "PL 1/2024", "PASSAGE"),
        ("Redação final do Projeto de Lei nº 1", "PL 1/2024", "FINAL_TEXT"),
        ("Votação nominal", "PL 12/2025", "UNKNOWN"),
        (None, None, "UNKNOWN"),
    ],
)  # fmt: skip
def test_purposes(sighting: Sighting, description: str | None, identifier: str | None, purpose: str) -> None:
    row = voting(descricaoVotacao=description, identificacao=identifier)
    (event,) = from_votings("9000001", [row], sighting).vote_events
    assert event.purpose == purpose
    assert ("PURPOSE_UNKNOWN" in {flag.code for flag in event.flags}) is (purpose == "UNKNOWN")


REPORT = (
    "Aprovada a proposta, em primeiro turno, com o seguinte resultado: Sim: 2, Não: 1, Pres.: 1, Total: 4.\r\n"
    "Encerrada a discussão, em segundo turno.\r\nAprovada, em segundo turno, com o resultado: Sim: 1, Não: 1, Total: 2."
)


@pytest.mark.parametrize(
    ("description", "published", "flags"),
    [
        ("Votação nominal da PEC nº 1 (1º Turno).", (2, 1), []),
        ("Votação nominal da PEC nº 1 (2º Turno).", (1, 1), ["COUNTS_DIFFER"]),
        ("Votação nominal da PEC nº 1, em segundo turno", (1, 1), ["COUNTS_DIFFER"]),
        ("Votação nominal da PEC nº 1", None, []),  # whose of the two is not told
    ],
)
def test_one_report_of_two_votings(
    sighting: Sighting, description: str, published: tuple[int, int] | None, flags: list[str]
) -> None:
    report = {"siglaColegiado": "PLEN", "nomeColegiado": "Plenário", "casaColegiado": "SF", "texto": REPORT}
    (event,) = from_votings(
        "1", [voting(descricaoVotacao=description, informeLegislativo=report)], sighting
    ).vote_events
    assert (event.counts_published and (event.counts_published.yes, event.counts_published.no)) == published
    assert [flag.code for flag in event.flags if flag.code != "PURPOSE_UNKNOWN"] == flags
    assert event.counts == VoteCounts(yes=2, no=1, abstain=0, other=1)


def test_a_motion_can_fail_with_yes_ahead(sighting: Sighting) -> None:
    row = voting(descricaoVotacao="Votação nominal da decisão da Presidência na Questão de Ordem", resultadoVotacao="R")
    (event,) = from_votings("9000001", [row], sighting).vote_events
    assert (event.purpose, event.result, event.flags) == ("APPEAL", VoteResult.FAILED, ())
    assert event.counts is not None
    assert event.counts.yes > event.counts.no


def test_a_nominal_voting_without_votes_is_doubted(sighting: Sighting) -> None:
    (event,) = from_votings(
        "1", [voting(votos=[], descricaoVotacao="Votação nominal do PL 1/2020")], sighting
    ).vote_events
    assert [flag.code for flag in event.flags] == ["VOTES_MISSING"]


def test_parties_are_canonical_and_labels_kept(sighting: Sighting) -> None:
    votes = [{"nomeParlamentar": "Ana", "siglaPartidoParlamentar": label, "siglaVotoParlamentar": "Sim"}
             for label in ("PMDB", "PT", "S/Partido", "QQQ", None)]  # fmt: skip
    bill = from_votings("1", [voting(votos=votes)], sighting)
    found = [(vote.party, vote.party_text) for vote in bill.vote_events[0].votes]
    assert found == [("MDB", "PMDB"), ("PT", None), (None, "S/Partido"), ("QQQ", None), (None, None)]
    assert [(flag.code, flag.field, flag.detail) for flag in bill.quality_flags] == [
        ("PARTY_UNRESOLVED", "vote_events", "QQQ")
    ]
