"""Votings of the Senado: nominal ones with members' votes, secret ones with totals."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from upstream_sim.congress.agenda import session_number
from upstream_sim.congress.nation import Nation
from upstream_sim.congress.people import PLENARY, senators
from upstream_sim.congress.seeded_random import SeededRandom
from upstream_sim.senado.bill import SAMPLE_TOTALS, Informe, SenadoBill

Json = dict[str, Any]
_VOTING_SINCE: Final = 1991
_NOMINATIONS: Final = frozenset({"OFS", "MSF"})


class Voting(NamedTuple):
    """A nominal or secret voting; symbolic ones are not published."""

    bill: SenadoBill
    informe: Informe
    secret: bool
    approved: bool

    @property
    def at(self) -> datetime:
        return self.informe.at


def votings_of(bill: SenadoBill) -> list[Voting]:
    rng = SeededRandom(bill.nation.seed, "senado", bill.index, "votings")
    secret = bill.place.kind in _NOMINATIONS
    wanted = ("conhecida",) if secret else ("aprovada",)
    if bill.kind.law or secret:
        return [
            Voting(bill, informe, secret, rng.below(100) < 90)
            for informe in bill.history
            if informe.step_name in wanted and informe.at.year >= _VOTING_SINCE and (secret or rng.below(100) < 60)
        ]
    return []


def held_between(nation: Nation, first: date, last: date) -> Iterator[Voting]:
    house = nation.senado
    candidates = set(house.last_moved_at_start(first.toordinal(), last.toordinal()))
    candidates.update(index for index, delta in house.deltas.items() if delta.changes)
    for index in sorted(candidates):
        if house.is_deleted(index):
            continue
        for voting in votings_of(SenadoBill(nation, index)):
            if first <= voting.at.date() <= last:
                yield voting


def voting_row(voting: Voting) -> Json:
    bill, informe = voting.bill, voting.informe
    votes = _votes(voting)
    code = 1000 + bill.index * 20 + informe.number
    totals = _totals(voting)
    return {
        "ano": bill.identity.year,
        "casaSessao": "SF",
        "codigoMateria": bill.materia,
        "codigoSessao": max(1, session_number(voting.at.date())),
        "codigoSessaoLegislativa": 800 + voting.at.year % 100,
        "codigoSessaoVotacao": code,
        "dataApresentacao": bill.presented.strftime("%Y-%m-%d"),
        "dataSessao": voting.at.strftime("%Y-%m-%dT00:00:00" if bill.odd % 10 == 3 else "%Y-%m-%d"),
        "descricaoVotacao": f"Votação nominal: {bill.identification}.",
        "ementa": bill.title,
        "idProcesso": bill.id,
        "identificacao": bill.identification,
        "informeLegislativo": {
            "casaColegiado": "SF",
            "casaEnteAdm": "SF",
            "codigoColegiado": PLENARY.code,
            "data": voting.at.strftime("%Y-%m-%d"),
            "id": 5_000_000 + bill.index * 40 + informe.number,
            "idEnteAdm": PLENARY.office_id,
            "idEvento": 9_000_000 + bill.index,
            "nomeColegiado": PLENARY.name,
            "nomeEnteAdm": PLENARY.office_name,
            "numeroAutuacao": 1,
            "siglaColegiado": PLENARY.acronym,
            "siglaEnteAdm": PLENARY.office,
            "texto": informe.text if voting.secret else informe.text.replace(SAMPLE_TOTALS, _counted(votes)),
        },
        "numero": bill.number_text,
        "numeroSessao": 1 + bill.index % 190,
        "resultadoVotacao": "A" if voting.approved else "R",
        "sequencialSessao": 1,
        "sequencialVotacao": code,
        "sigla": bill.identity.kind,
        "siglaTipoSessao": "DOR",
        "totalVotosAbstencao": totals[2],
        "totalVotosNao": totals[1],
        "totalVotosSim": totals[0],
        "votacaoSecreta": "S" if voting.secret else "N",
        "votos": votes,
    }


def _totals(voting: Voting) -> tuple[int | None, int | None, int | None]:
    """The totals of a secret voting; None for any other, whose votes must be counted."""
    if not voting.secret:
        return None, None, None
    return (48, 4, 1) if voting.approved else (20, 33, 0)


def _counted(votes: list[Json]) -> str:
    """The totals of a nominal voting in the words of the session's report."""
    yes, no = (sum(vote["siglaVotoParlamentar"] == option for vote in votes) for option in ("Sim", "Não"))
    return f"Sim: {yes}; Não: {no}; Total: {yes + no}"


def _votes(voting: Voting) -> list[Json]:
    rng = SeededRandom(voting.bill.nation.seed, "senado", voting.bill.index, "votes", voting.informe.number)
    rows = []
    for person in senators():
        draw = rng.below(100)
        code = (
            "P-NRV"
            if draw > 94
            else "AP"
            if draw > 90
            else "Votou"
            if voting.secret
            else "Sim"
            if draw < (65 if voting.approved else 30)
            else "Não"
        )
        texts = {"P-NRV": "Presente – Não registrou voto", "AP": "Atividade parlamentar"}
        rows.append(
            {
                "codigoParlamentar": person.id,
                "descricaoVotoParlamentar": texts.get(code),
                "nomeParlamentar": person.name,
                "sexoParlamentar": "F" if person.female else "M",
                "siglaPartidoParlamentar": person.party,
                "siglaUFParlamentar": person.state,
                "siglaVotoParlamentar": code,
            }
        )
    return rows
