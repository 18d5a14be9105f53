"""Sessions and meetings of the Câmara, with the oddities of its `/eventos`, `/pauta` and yearly files."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Final

from upstream_sim.camara.bill import CamaraBill
from upstream_sim.camara.documents import HOST, Json, deputy_item, list_item, regime
from upstream_sim.congress.agenda import PLENARY, Item, Meeting, Outcome, State
from upstream_sim.congress.people import BODIES
from upstream_sim.world import World

_SITUATIONS: Final = {
    State.PLANNED: "Não Confirmada",
    State.CONFIRMED: "Convocada",
    State.RUNNING: "Em Andamento",
    State.HELD: "Encerrada",
    State.CANCELLED: "Cancelada",
    State.MOVED: "Cancelada",
}
_CODES: Final = {"Não Confirmada": "1   ", "Convocada": "2   ", "Em Andamento": "3   ", "Encerrada": "4   "}
_OUTCOMES: Final = {
    Outcome.APPROVED: "Aprovado o Parecer",
    Outcome.REJECTED: "Rejeitado o Parecer",
    Outcome.WITHDRAWN: "Retirado de pauta",
    Outcome.NOT_REACHED: "Não deliberado",
    Outcome.VIEW_GRANTED: "Vista concedida",
}
_VARIANTS: Final = ("Encerrada", "Encerrada (Termo)", "Encerrada (Final)")

EVENT_COLUMNS: Final = (
    "id",
    "uri",
    "urlDocumentoPauta",
    "dataHoraInicio",
    "dataHoraFim",
    "situacao",
    "descricao",
    "descricaoTipo",
    "localExterno",
    "localCamara.nome",
    "localCamara.predio",
    "localCamara.sala",
    "localCamara.andar",
)
EVENT_BODY_COLUMNS: Final = ("idEvento", "uriEvento", "idOrgao", "siglaOrgao", "nomeOrgao", "uriOrgao")
SITUATION_CODES: Final = [{"cod": code, "sigla": "", "nome": name, "descricao": name} for name, code in _CODES.items()]
"""`/referencias/situacoesEvento`: codes padded with blanks."""


def event_item(world: World, meeting: Meeting) -> Json:
    """A row of `/eventos`: naive minutes, no end before the event is over."""
    held = meeting.state(world.nation.clock.now()) is State.HELD
    recorded = held and meeting.body == PLENARY
    return {
        "id": meeting.number,
        "uri": _uri(meeting),
        "dataHoraInicio": meeting.starts.strftime("%Y-%m-%dT%H:%M"),
        "dataHoraFim": meeting.ends.strftime("%Y-%m-%dT%H:%M") if held else None,
        "situacao": _situation(world, meeting),
        "descricaoTipo": _kind(meeting),
        "descricao": _description(meeting),
        "localExterno": None,
        "orgaos": [_body(meeting)],
        "localCamara": {"nome": _place(meeting), "predio": None, "sala": None, "andar": None},
        "urlRegistro": f"https://www.youtube.com/watch?v=sim{meeting.number}" if recorded else None,
    }


def event_detail(world: World, meeting: Meeting) -> Json:
    """`/eventos/{id}`: the description may end with a line break."""
    item = event_item(world, meeting)
    tail = "\r\n" if meeting.number % 3 == 0 else ""
    return {
        "uriDeputados": None,
        "uriConvidados": None,
        "fases": None,
        **item,
        "descricao": f"{item['descricao']}{tail}",
        "requerimentos": [],
        "urlDocumentoPauta": f"{_uri(meeting)}/pauta",
    }


def agenda_items(world: World, meeting: Meeting) -> list[Json]:
    """`/eventos/{id}/pauta`, without an id for the items."""
    nation = world.nation
    items = meeting.items(nation.seed, nation.clock.now())
    return [_agenda_item(world, item) for item in items if not nation.camara.is_deleted(item.bill)]


def _agenda_item(world: World, item: Item) -> Json:
    bill = CamaraBill(world.nation, item.bill)
    proposal = list_item(bill)
    del proposal["dataApresentacao"]
    return {
        "ordem": item.order,
        "topico": "Ordem do Dia",
        "regime": regime(bill),
        "codRegime": 14,
        "titulo": f"{proposal['siglaTipo'].strip()} {proposal['numero']}/{proposal['ano']}",
        "proposicao_": proposal,
        "proposicaoRelacionada_": {
            "id": None,
            "uri": None,
            "siglaTipo": None,
            "codTipo": None,
            "numero": None,
            "ano": None,
            "ementa": None,
        },
        "relator": deputy_item(bill.rapporteur) if "relator" in bill.step_names else None,
        "textoParecer": None,
        "situacaoItem": _OUTCOMES[item.outcome] if item.outcome else None,
        "uriVotacao": "",
    }


def event_rows(world: World, year: int) -> Iterator[list[str]]:
    """Rows of `eventos-{ano}.csv`."""
    for meeting in _of_year(world, year):
        item = event_item(world, meeting)
        cells = {**item, "urlDocumentoPauta": f"{_uri(meeting)}/pauta"}
        cells |= {f"localCamara.{name}": value for name, value in item["localCamara"].items()}
        yield ["" if cells[name] is None else str(cells[name]) for name in EVENT_COLUMNS]


def event_body_rows(world: World, year: int) -> Iterator[list[str]]:
    """Rows of `eventosOrgaos-{ano}.csv`, not in the order of the events."""
    for meeting in reversed(_of_year(world, year)):
        body = _body(meeting)
        yield [str(meeting.number), _uri(meeting), str(body["id"]), body["sigla"], body["nome"], body["uri"]]


SETS: Final[dict[str, tuple[tuple[str, ...], Callable[[World, int], Iterator[list[str]]]]]] = {
    "eventos": (EVENT_COLUMNS, event_rows),
    "eventosOrgaos": (EVENT_BODY_COLUMNS, event_body_rows),
}


def _of_year(world: World, year: int) -> list[Meeting]:
    return world.agenda.between("camara", date(year, 1, 1), date(year, 12, 31))


def _situation(world: World, meeting: Meeting) -> str:
    name = _SITUATIONS[meeting.state(world.nation.clock.now())]
    return _VARIANTS[meeting.number % len(_VARIANTS)] if name == "Encerrada" else name


def _kind(meeting: Meeting) -> str:
    if meeting.hearing:
        return "Audiência Pública"
    return "Sessão Deliberativa" if meeting.body == PLENARY else "Reunião Deliberativa"


def _description(meeting: Meeting) -> str:
    if meeting.hearing:
        return "Debate sobre políticas públicas"
    if meeting.body == PLENARY:
        return "Sessão Deliberativa Extraordinária Semipresencial (AM nº 123/2020)"
    return "Discussão e Votação de Propostas"


def _place(meeting: Meeting) -> str:
    if meeting.body == PLENARY:
        return "Plenário da Câmara dos Deputados"
    return f"Anexo II, Plenário {1 + meeting.number % 16:02}"


def _body(meeting: Meeting) -> Json:
    body = BODIES[meeting.body]
    kind = (26, "Plenário Virtual") if meeting.body == PLENARY else (2, "Comissão Permanente")
    return {
        "id": body.id,
        "uri": f"{HOST}/orgaos/{body.id}",
        "sigla": body.acronym,
        "nome": body.name,
        "apelido": body.name,
        "codTipoOrgao": kind[0],
        "tipoOrgao": kind[1],
        "nomePublicacao": body.name,
        "nomeResumido": body.name,
    }


def _uri(meeting: Meeting) -> str:
    return f"{HOST}/eventos/{meeting.number}"
