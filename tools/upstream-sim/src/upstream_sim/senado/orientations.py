"""Orientations of the plenary's votings, and the votings of committees."""

from datetime import timedelta
from typing import Any, Final

from upstream_sim.congress.agenda import Meeting, Outcome
from upstream_sim.congress.nation import Nation
from upstream_sim.congress.people import COLEGIADOS
from upstream_sim.congress.seeded_random import SeededRandom
from upstream_sim.senado.bill import SenadoBill
from upstream_sim.senado.legacy import collapsed
from upstream_sim.senado.organizations import members
from upstream_sim.senado.people import label
from upstream_sim.senado.votings import Voting, voting_row

Json = dict[str, Any]
_BENCHES: Final = ("Governo", "Oposição", "Banc Fem", "Republica", "Podemos", "PT", "PL", "MDB", "PSD")
"""Names of benches: some are cut."""


def orientation_row(voting: Voting) -> Json:
    """A voting with the orientations of its benches, which have no codes."""
    row = voting_row(voting)
    rng = SeededRandom(voting.bill.nation.seed, "senado", voting.bill.index, "benches", voting.informe.number)
    begin = voting.at.replace(hour=16, minute=53, second=53)
    at = begin.strftime("%Y-%m-%dT%H:%M:%S")
    votes = ("SIM", "SIM", "SIM", "NÃO", "LIBERADO", "")
    return {
        "anoMateria": row["ano"],
        "codigoVotacaoSve": row["codigoSessaoVotacao"] + 4000,
        "dataInicioVotacao": at,
        "dataTerminoVotacao": (begin + timedelta(minutes=22)).strftime("%Y-%m-%dT%H:%M:%S"),
        "descricaoMateria": row["descricaoVotacao"],
        "orientacoesLideranca": [
            {"dataHora": at, "partido": bench, "voto": rng.pick(votes)} for bench in _BENCHES if rng.chance(0.8)
        ],
        "qtdVotosSim": sum(vote["siglaVotoParlamentar"] == "Sim" for vote in row["votos"]),
        "sequencialVotacao": row["sequencialVotacao"],
        "votosLideranca": [],
        "votosParlamentar": [],
    }


def committee_votings(nation: Nation, meeting: Meeting) -> list[Json]:
    """The votings of a committee's meeting: one for each item that was approved or rejected. None says how it ended."""
    body = next(each for each in COLEGIADOS if each.acronym == meeting.body)
    rows = []
    for item in meeting.items(nation.seed, nation.clock.now()):
        if item.outcome not in (Outcome.APPROVED, Outcome.REJECTED) or nation.senado.is_deleted(item.bill):
            continue
        bill = SenadoBill(nation, item.bill)
        rng = SeededRandom(nation.seed, "committee", meeting.number, item.bill)
        yes = 80 if item.outcome is Outcome.APPROVED else 20
        votes = [(person, "S" if rng.below(100) < yes else "N") for person in members(body)]
        rows.append(
            {
                "CodigoColegiado": str(body.code),
                "CodigoReuniao": str(meeting.number),
                "CodigoVotacao": str(meeting.number * 10 + item.order),
                "DataHoraInicioReuniao": meeting.starts.strftime("%Y-%m-%dT%H:%M:%S"),
                "DescricaoVotacao": bill.identification,
                "IdentificacaoMateria": bill.identification,
                "NomeColegiado": body.name,
                "SiglaCasaColegiado": "SF",
                "SiglaColegiado": body.acronym,
                "TotalVotosAbstencao": "0",
                "TotalVotosNao": str(sum(vote == "N" for _, vote in votes)),
                "TotalVotosSim": str(sum(vote == "S" for _, vote in votes)),
                "Votos": {
                    "Voto": collapsed(
                        [
                            {
                                "CodigoParlamentar": str(person.id),
                                "NomeParlamentar": person.name,
                                "QualidadeVoto": vote,
                                "SiglaCasaParlamentar": "SF",
                                "SiglaPartidoParlamentar": label(person),
                                "VotoPresidente": "false",
                            }
                            for person, vote in votes
                        ]
                    )
                },
            }
        )
    return rows
