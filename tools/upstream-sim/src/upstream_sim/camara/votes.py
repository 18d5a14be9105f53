"""Votings of the Câmara: each one belongs to a step of a bill, and some are nominal."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from upstream_sim.camara.bill import Action, CamaraBill
from upstream_sim.camara.documents import HOST, Json, bill_uri, deputy_item, list_item
from upstream_sim.camara.steps import VOTED
from upstream_sim.congress.nation import Nation
from upstream_sim.congress.people import PARTIES, Person, deputies
from upstream_sim.congress.seeded_random import SeededRandom

_FIRST_YEAR: Final = 1991
_NOMINAL_SHARE: Final = 0.34


class Voting(NamedTuple):
    """One voting; its id is the bill's id and `number`."""

    bill: CamaraBill
    action: Action
    number: int
    nominal: bool
    approved: int | None

    @property
    def id(self) -> str:
        return f"{self.bill.id}-{self.number}"

    @property
    def at(self) -> datetime:
        return self.action.at


def votings_of(bill: CamaraBill) -> list[Voting]:
    """Every voting of a bill, oldest first."""
    if not bill.kind.law:
        return []
    found = []
    for position, name in enumerate(bill.step_names):
        if name not in VOTED:
            continue
        action = bill.action(position)
        if action.at.year < _FIRST_YEAR:
            continue
        rng = SeededRandom(bill.nation.seed, "camara", bill.index, "voting", position)
        nominal = name == "plenario" and rng.chance(_NOMINAL_SHARE)
        draw = rng.below(100)
        approved = 1 if draw < 78 else 0 if draw < 94 else None
        found.append(Voting(bill, action, position * 4 + 3, nominal, approved))
    return found


def find_voting(nation: Nation, identifier: str) -> Voting | None:
    """The voting with an id such as `2351249-8`; None where there is none."""
    bill_id, _, number = identifier.partition("-")
    if not (bill_id.isdecimal() and number.isdecimal()):
        return None
    index = nation.camara.index_of(int(bill_id))
    if index is None:
        return None
    return next((each for each in votings_of(CamaraBill(nation, index)) if each.number == int(number)), None)


def held_between(nation: Nation, first: date, last: date) -> Iterator[Voting]:
    """Votings held on days `first` to `last`, both included, by bill."""
    house = nation.camara
    candidates = set(house.last_moved_at_start(first.toordinal(), last.toordinal()))
    candidates.update(index for index, delta in house.deltas.items() if delta.changes)
    for index in sorted(candidates):
        if house.place(index).kind not in house.law_kinds or house.is_deleted(index):
            continue
        for voting in votings_of(CamaraBill(nation, index)):
            if first <= voting.at.date() <= last:
                yield voting


def votes_of(voting: Voting) -> list[tuple[Person, str, datetime]]:
    """Members' votes; empty where the voting was not nominal. Absent members have no entry."""
    if not voting.nominal:
        return []
    rng = SeededRandom(voting.bill.nation.seed, "votes", voting.bill.index, voting.number)
    yes = 70 if voting.approved else 35
    rows = []
    for number, person in enumerate(deputies()):
        draw = rng.below(100)
        if rng.below(100) < 20:
            continue
        option = (
            "Artigo 17"
            if number == 7
            else "Sim"
            if draw < yes
            else "Não"
            if draw < 96
            else "Abstenção"
            if draw < 99
            else "Obstrução"
        )
        rows.append((person, option, voting.at - timedelta(seconds=rng.below(600))))
    return rows


def is_secret(voting: Voting) -> bool:
    """Whether members are listed without their choices; so few votings are nominal that one in nine may be."""
    return voting.nominal and voting.approved == 1 and voting.bill.index % 9 == 4


def _description(voting: Voting) -> str:
    """The decision and the totals, with typing errors. Obstruction and the chair's vote are in no total."""
    text = "o Projeto" if voting.action.step_name == "plenario" else "o Parecer"
    said = {1: f"Aprovado {text}.", 0: f"Rejeitado {text}.", None: "Mantido o texto."}[voting.approved]
    votes = votes_of(voting)
    if not votes:
        return said
    yes, no, abstain = (sum(option == wanted for _, option, _ in votes) for wanted in ("Sim", "Não", "Abstenção"))
    total = yes + no + abstain
    if is_secret(voting):
        return f"Votos: \r\nFulana de Tal: \r\nSim: {yes};\r\nNão: {no};\r\nAbstenção: {abstain};\r\nTotal: {total}."
    forms = (
        f"Sim: {yes}; não: {no}; abstenção: {abstain}; total: {total}.",
        f"Sim: {yes}; Não: {no}; Abstenção: {abstain}; Total: {total}.",
        f"Resultado: Sim, {yes}; Não, {no}; abtenção: {abstain}. Total: {total}.",
        f"Sim: {yes}; Nâo: {no}; Absteção: {abstain}; Total: {total}.",
    )
    return f"{said} {forms[voting.bill.index % len(forms)]}"


def voting_item(voting: Voting) -> Json:
    """A row of a list of votings."""
    requested = voting.number % 3 == 0
    return {
        "id": voting.id,
        "uri": f"{HOST}/votacoes/{voting.id}",
        "data": voting.at.strftime("%Y-%m-%d"),
        "dataHoraRegistro": voting.at.strftime("%Y-%m-%dT%H:%M:%S"),
        "siglaOrgao": voting.action.body.acronym,
        "uriOrgao": f"{HOST}/orgaos/{voting.action.body.id}",
        "uriEvento": None if voting.number % 5 == 0 else f"{HOST}/eventos/{60_000 + voting.bill.index % 20_000}",
        "proposicaoObjeto": f"{'OBJ' if is_secret(voting) else 'REQ'} {voting.number}/{voting.at.year}"
        if requested or is_secret(voting)
        else None,
        "uriProposicaoObjeto": bill_uri(voting.bill.id) if requested else None,
        "descricao": _description(voting),
        "aprovacao": voting.approved,
    }


def voting_detail(voting: Voting) -> Json:
    return {
        **voting_item(voting),
        "idEvento": None if voting.number % 5 == 0 else 60_000 + voting.bill.index % 20_000,
        "idOrgao": voting.action.body.id,
        "dataHoraUltimaAberturaVotacao": None,
        "descUltimaAberturaVotacao": None,
        "ultimaApresentacaoProposicao": {
            "dataHoraRegistro": voting.at.strftime("%Y-%m-%dT%H:%M:%S"),
            "descricao": voting.action.text,
            "uriProposicaoCitada": bill_uri(voting.bill.id),
        },
        "efeitosRegistrados": [],
        "objetosPossiveis": [list_item(voting.bill)],
        "proposicoesAfetadas": [list_item(voting.bill)],
    }


def vote_items(voting: Voting) -> list[Json]:
    """Members' votes; without the choice in a secret voting."""
    secret = is_secret(voting)
    return [
        {
            "tipoVoto": None if secret else option,
            "dataRegistroVoto": at.strftime("%Y-%m-%dT%H:%M:%S"),
            "deputado_": deputy_item(person),
        }
        for person, option, at in votes_of(voting)
    ]


def orientation_items(voting: Voting) -> list[Json]:
    """Voting recommendations of the benches; only in the plenary."""
    if voting.action.step_name != "plenario":
        return []
    rows: list[Json] = []
    for number, (acronym, identifier, _) in enumerate(PARTIES):
        bloc = number % 4 == 3
        rows.append(
            {
                "orientacaoVoto": ("Sim", "Não", "", "Liberado")[(number + voting.number) % 4],
                "codTipoLideranca": "B" if bloc else "P",
                "siglaPartidoBloco": f"Bl {acronym.title()}Solid..." if bloc else acronym,
                "codPartidoBloco": None if bloc else identifier,
                "uriPartidoBloco": None if bloc else f"{HOST}/partidos/{identifier}",
            }
        )
    return rows
