"""Votings of the Câmara: each one belongs to a step of a bill, and some are nominal."""

from datetime import datetime, timedelta
from enum import Enum
from typing import Final, NamedTuple

from upstream_sim.camara.bill import Action, CamaraBill
from upstream_sim.camara.documents import HOST, Json, bill_uri, deputy_item, list_item
from upstream_sim.camara.steps import VOTED
from upstream_sim.congress.agenda import session_number
from upstream_sim.congress.nation import Nation
from upstream_sim.congress.people import PARTIES, Person, deputies
from upstream_sim.congress.seeded_random import SeededRandom

_FIRST_YEAR: Final = 1991
_NOMINAL_SHARE: Final = 0.34


class Form(Enum):
    """How a voting is shown. All but the first two are recorded oddities of votings by name."""

    PLAIN = "plain"
    REQUEST = "request"
    """The description says only "Aprovado o Requerimento."; the opening of the voting says of what kind it was."""
    MISSING = "missing"
    """Totals, and no members' votes."""
    MISTYPED = "mistyped"
    """The totals in the description are wrong; those in the file are right."""
    CONTRADICTING = "contradicting"
    """`aprovacao` says the opposite of the description."""
    LATE = "late"
    """Registered five days after its day."""
    TWIN = "twin"
    """The voting before it once more under another id, to the second."""
    FOREIGN = "foreign"
    """Shown with the votes of the voting before it, and with totals of its own."""


_ODD_FORMS: Final = (Form.MISSING, Form.MISTYPED, Form.CONTRADICTING, Form.LATE, Form.TWIN, Form.FOREIGN)
_PAIRED: Final = frozenset({Form.TWIN, Form.FOREIGN})


class Voting(NamedTuple):
    """One voting; its id is the bill's id and `number`. One that is paired has the votes of the number before it."""

    bill: CamaraBill
    action: Action
    number: int
    nominal: bool
    approved: int | None
    form: Form = Form.PLAIN

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
        form = _form(bill, name, position, nominal=nominal)
        number = position * 4 + 3
        if form in _PAIRED:
            found.append(Voting(bill, action, number, nominal, approved))
            found.append(Voting(bill, action, number + 1, nominal, approved, form))
        else:
            found.append(Voting(bill, action, number, nominal, approved, form))
    return found


def _form(bill: CamaraBill, step: str, position: int, *, nominal: bool) -> Form:
    rng = SeededRandom(bill.nation.seed, "camara", bill.index, "form", position)
    if step == "plenario" and rng.chance(0.15):
        return Form.REQUEST
    if nominal and bill.nation.scenario.oddities and rng.chance(0.3):
        return rng.pick(_ODD_FORMS)
    return Form.PLAIN


def find_voting(nation: Nation, identifier: str) -> Voting | None:
    """The voting with an id such as `2351249-8`; None where there is none."""
    bill_id, _, number = identifier.partition("-")
    if not (bill_id.isdecimal() and number.isdecimal()):
        return None
    index = nation.camara.index_of(int(bill_id))
    if index is None:
        return None
    return next((each for each in votings_of(CamaraBill(nation, index)) if each.number == int(number)), None)


def votes_of(voting: Voting) -> list[tuple[Person, str, datetime]]:
    """Members' votes; empty where the voting was not nominal. Absent members have no entry."""
    if not voting.nominal:
        return []
    number = voting.number - 1 if voting.form in _PAIRED else voting.number
    rng = SeededRandom(voting.bill.nation.seed, "votes", voting.bill.index, number)
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
    return voting.nominal and voting.approved == 1 and voting.bill.index % 9 == 4 and voting.form is Form.PLAIN


def totals_of(voting: Voting) -> tuple[int, int, int]:
    """Yes, No, and all others, as the yearly file has them: right, but for a voting with foreign votes."""
    votes = [option for _, option, _ in votes_of(voting)]
    yes, no = votes.count("Sim"), votes.count("Não")
    return (no // 3, yes, 0) if voting.form is Form.FOREIGN else (yes, no, len(votes) - yes - no)


def opening_of(voting: Voting) -> str | None:
    """The text with which a voting was opened."""
    if voting.form is not Form.REQUEST:
        return None
    asked = ("de Retirada de Pauta", "de Urgência", "de adiamento da discussão", "de encerramento da discussão")
    return f"Votação do Requerimento {asked[voting.bill.index % len(asked)]}."


def registered_at(voting: Voting) -> datetime:
    """When the voting was registered: at once, or days later."""
    return voting.at + timedelta(days=5) if voting.form is Form.LATE else voting.at


def approval_of(voting: Voting) -> int | None:
    """`aprovacao`, which once in a while contradicts the description."""
    if voting.form is Form.CONTRADICTING and voting.approved is not None:
        return 1 - voting.approved
    return voting.approved


def _description(voting: Voting) -> str:
    """The decision and the totals, with typing errors. Obstruction and the chair's vote are in no total."""
    text = "o Projeto" if voting.action.step_name == "plenario" else "o Parecer"
    text = "o Requerimento" if voting.form is Form.REQUEST else text
    said = {1: f"Aprovado {text}.", 0: f"Rejeitado {text}.", None: "Mantido o texto."}[voting.approved]
    votes = votes_of(voting)
    if not votes:
        return said
    yes, no, abstain = (sum(option == wanted for _, option, _ in votes) for wanted in ("Sim", "Não", "Abstenção"))
    if voting.form is Form.FOREIGN:
        yes, no, _ = totals_of(voting)
    elif voting.form is Form.MISTYPED:
        yes += 10
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
        "dataHoraRegistro": registered_at(voting).strftime("%Y-%m-%dT%H:%M:%S"),
        "siglaOrgao": voting.action.body.acronym,
        "uriOrgao": f"{HOST}/orgaos/{voting.action.body.id}",
        "uriEvento": None if event_of(voting) is None else f"{HOST}/eventos/{event_of(voting)}",
        "proposicaoObjeto": f"{'OBJ' if is_secret(voting) else 'REQ'} {voting.number}/{voting.at.year}"
        if requested or is_secret(voting)
        else None,
        "uriProposicaoObjeto": bill_uri(voting.bill.id) if requested else None,
        "descricao": _description(voting),
        "aprovacao": approval_of(voting),
    }


def event_of(voting: Voting) -> int | None:
    """The number of the event at which it was held; None where upstream has none."""
    return None if voting.number % 5 == 0 else session_number(voting.at.date())


def voting_detail(voting: Voting) -> Json:
    return {
        **voting_item(voting),
        "idEvento": event_of(voting),
        "idOrgao": voting.action.body.id,
        "dataHoraUltimaAberturaVotacao": None,
        "descUltimaAberturaVotacao": opening_of(voting),
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
    if voting.form is Form.MISSING:
        return []
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
