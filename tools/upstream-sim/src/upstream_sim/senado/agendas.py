"""The Senado's agendas: sessions, their results, and meetings of committees. All scalars are strings, booleans too."""

from datetime import datetime
from typing import Any, Final

from upstream_sim.congress.agenda import PLENARY, Item, Meeting, Outcome, State
from upstream_sim.congress.nation import Nation
from upstream_sim.congress.people import COLEGIADOS, Colegiado
from upstream_sim.senado.bill import SenadoBill
from upstream_sim.senado.legacy import collapsed

Json = dict[str, Any]
_DAYS: Final = ("segunda-feira", "terça-feira", "quarta-feira", "quinta-feira", "sexta-feira", "sábado", "domingo")
_MONTHS: Final = (
    *("janeiro", "fevereiro", "março", "abril", "maio", "junho"),
    *("julho", "agosto", "setembro", "outubro", "novembro", "dezembro"),
)
_SITUATIONS: Final = {
    State.PLANNED: (1, "Agendada", "Agendada"),
    State.CONFIRMED: (1, "Agendada", "Agendada"),
    State.RUNNING: (3, "Aberta", "Aberta"),
    State.HELD: (6, "Realizada", "Realizada"),
    State.CANCELLED: (2, "Não Realizada", "Cancelada"),
    State.MOVED: (2, "Não Realizada", "Cancelada"),
}
_SESSION_SITUATIONS: Final = {
    State.PLANNED: ("10", "Agendada"),
    State.CONFIRMED: ("10", "Agendada"),
    State.RUNNING: ("20", "Em andamento"),
    State.HELD: ("40", "Encerrada"),
    State.CANCELLED: ("30", "Cancelada"),
    State.MOVED: ("30", "Cancelada"),
}
_RESULTS: Final = {
    Outcome.APPROVED: ("S", "Apreciado", "Resultado da matéria: Aprovado o projeto. \n\nA matéria vai à sanção. \n\n"),
    Outcome.REJECTED: (
        "S",
        "Apreciado",
        "Resultado da matéria: Rejeitado o projeto. \n\nA matéria vai ao Arquivo. \n\n",
    ),
    Outcome.VIEW_GRANTED: ("S", "Apreciado", "Resultado da matéria: Encerrada a primeira sessão de discussão. \n\n"),
    Outcome.WITHDRAWN: ("R", "Retirado", "Resultado da matéria: Retirado de Pauta.\n\n"),
    Outcome.NOT_REACHED: ("N", "Não apreciado", ""),
}
_CODES_CHANGED: Final = 2019
"""Sessions before this year have code 8 for what is 40 now."""


def is_session(meeting: Meeting) -> bool:
    """Whether a meeting is a session of the plenary."""
    return meeting.body == PLENARY


def _items(nation: Nation, meeting: Meeting) -> list[tuple[Item, SenadoBill]]:
    """The items of bills that exist."""
    found = meeting.items(nation.seed, nation.clock.now())
    return [(item, SenadoBill(nation, item.bill)) for item in found if not nation.senado.is_deleted(item.bill)]


def session(nation: Nation, meeting: Meeting) -> Json:
    """A row of `/plenario/agenda/mes`. Items have no code here, and their order restarts in each kind of agenda."""
    state = meeting.state(nation.clock.now())
    code, situation = _SESSION_SITUATIONS[state]
    held = state is State.HELD
    found: Json = {
        "Casa": "SF",
        "CodigoSessao": str(meeting.number),
        "CodigoSituacaoSessao": "8" if held and meeting.starts.year < _CODES_CHANGED else code,
        "Data": meeting.starts.strftime("%Y-%m-%d"),
        "DiaSemana": _DAYS[meeting.starts.weekday()],
        "DiaUtil": meeting.starts.strftime("%d"),
        "Hora": f"{meeting.starts.hour}:{meeting.starts.minute:02d}",
        "Legislatura": "57",
        "LocalSessao": "Plenário do Senado Federal",
        "NumeroSessao": f"{1 + meeting.number // 16 % 190}ª SESSÃO ",
        "PautaConfirmada": "Não" if state is State.PLANNED else "Sim",
        "Realizada": {"Status": "Sim" if held else "Não"},
        "SessaoLegislativa": "3",
        "SituacaoSessao": situation,
        "TipoSessao": "SESSÃO DELIBERATIVA ORDINÁRIA ",
    }
    if items := _items(nation, meeting):
        found["Materias"] = {"Materia": collapsed([_matter(item, bill) for item, bill in items])}
    return found


def _kind_of_agenda(item: Item) -> tuple[str, str]:
    if item.outcome is Outcome.WITHDRAWN:
        return "R", "Retirado de Pauta"
    return ("O", "Pauta") if item.order < 4 else ("A", "Possível Pauta")


def _matter(item: Item, bill: SenadoBill) -> Json:
    kind, text = _kind_of_agenda(item)
    number = bill.identity.number
    found: Json = {
        "AnoMateria": str(bill.identity.year),
        "Apreciacao": "Discussão, em turno único",
        "CodigoMateria": str(bill.materia),
        "DescricaoIdentificacaoMateria": bill.identification,
        "Ementa": bill.title,
        "EmentaPapeleta": bill.title,
        "NumeroMateria": f"{number:05d}",
        "SequenciaOrdem": str(item.order if item.order < 4 else item.order - 3),
        "SiglaMateria": bill.identity.kind,
        "TipoPauta": kind,
    }
    return found if kind == "R" else {**found, "DescricaoTipoPauta": text}


def result(nation: Nation, meeting: Meeting) -> Json:
    """A row of `/plenario/resultado/mes`, with the day in another form than in the agenda."""
    rows = []
    for item, bill in _items(nation, meeting):
        indicator, told, text = _RESULTS[item.outcome or Outcome.NOT_REACHED]
        kind, name = _kind_of_agenda(item)
        rows.append(
            {
                "anoMateria": str(bill.identity.year),
                "codigoItem": str(meeting.number * 20 + item.order),
                "codigoMateria": str(bill.materia),
                "descricaoDeliberacao": told,
                "descricaoTipoPauta": name,
                "ementaPapeleta": bill.title,
                "indicadorDeliberacao": indicator,
                "numeroMateria": f"{bill.identity.number:05d}",
                "sequencialItem": str(item.order),
                "siglaMateria": bill.identity.kind,
                "textoResultado": text,
                "tipoPauta": kind,
            }
        )
    return {
        "Itens": {"Item": collapsed(rows)} if rows else {},
        "codigoSessao": str(meeting.number),
        "dataSessao": meeting.starts.strftime("%d/%m/%Y"),
        "descricaoTipoSessao": "Sessão Deliberativa Ordinária",
        "horaSessao": f"{meeting.starts:%H:%M}",
        "numeroSessao": str(1 + meeting.number // 16 % 190),
        "siglaCasa": "SF",
        "tipoSessao": "DOR",
    }


def meeting_row(nation: Nation, meeting: Meeting, moved_to: Meeting | None) -> Json:
    """A meeting of a committee. A moved one is cancelled, and only its reason names the new day."""
    now = nation.clock.now()
    state = meeting.state(now)
    code, situation, status = _SITUATIONS[state]
    body = next(each for each in COLEGIADOS if each.acronym == meeting.body)
    found: Json = {
        "codigo": str(meeting.number),
        "codigoSituacao": str(code),
        "colegiadoCriador": {**_named(body), "codigoTipo": "21", "descricaoTipo": "Comissão Permanente"},
        "colegiados": {**_named(body), "numeroReuniao": "7", "isSubcomissao": "false"},
        "confirmada": "false",
        "dataInicio": _moment(meeting.starts),
        "dataReuniao": collapsed(_history(meeting, state, now, moved_to)),
        "descricao": "7ª, Ordinária",
        "local": "Anexo II, Ala Senador Alexandre Costa, Plenário nº 3",
        "partes": collapsed(_parts(nation, meeting)),
        "realizada": "true" if state is State.HELD else "false",
        "secreta": "false",
        "situacao": situation,
        "status": status,
        "tipo": {"codigo": "1", "descricao": "Ordinária", "sigla": "ORD"},
        "tipoPresenca": "Presencial",
        "titulo": "7ª Reunião Ordinária",
        "versao": "2026-03-19T02:05:29.004",
    }
    if state is State.HELD:
        url = f"https://www.youtube.com/watch?v={meeting.number}"
        videos = [{"codigo": str(meeting.number), "ordem": str(place), "url": f"{url}-{place}"} for place in (1, 2)]
        found["videos"] = collapsed(videos[: 1 + meeting.number % 2])
    return found


def _named(body: Colegiado) -> Json:
    return {"codigo": str(body.code), "nome": body.name, "sigla": body.acronym, "siglaCasa": "SF"}


def _moment(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.000")


def _history(meeting: Meeting, state: State, now: datetime, moved_to: Meeting | None) -> list[Json]:
    """The states, newest first."""

    def step(number: int, code: int, text: str, at: datetime) -> Json:
        found = {"codigo": str(meeting.number * 5 + number), "codigoSituacao": str(code), "descricaoSituacao": text}
        return {**found, "dataEvento": _moment(at), "realizada": "true" if code == 6 else "false"}

    steps = [step(0, 1, "Agendada", meeting.starts)]
    if state in (State.RUNNING, State.HELD):
        steps.insert(0, step(1, 3, "Aberta", meeting.starts))
    if state is State.HELD:
        steps.insert(0, step(2, 6, "Realizada", meeting.ends))
    if state in (State.CANCELLED, State.MOVED):
        off = step(3, 2, "Não Realizada", min(meeting.announced, now))
        reason = f"Transferida para o dia {_day(moved_to.starts)}" if moved_to is not None else "Cancelada"
        steps.insert(0, {**off, "motivo": reason, "rotuloDivulgacao": "Cancelada"})
    return steps


def _day(at: datetime) -> str:
    return f"{at.day} de {_MONTHS[at.month - 1]}"


def _parts(nation: Nation, meeting: Meeting) -> list[Json]:
    part = {"codigo": str(meeting.number * 2), "sequencial": "1", "sequencialFormatado": "1ª PARTE"}
    if meeting.hearing:
        about = {"codigo": str(meeting.number), "finalidade": "Debater o tema.", "isPublicado": "true"}
        return [{**part, "descricaoTipo": "Audiência Pública", "nome": "Audiência Pública", "evento": about}]
    items = [_item(meeting, item, bill) for item, bill in _items(nation, meeting)]
    found = {**part, "descricaoTipo": "Deliberativa", "isDeliberativa": "true", "nome": "Deliberativa"}
    return [{**found, "itens": collapsed(items)} if items else found]


def _item(meeting: Meeting, item: Item, bill: SenadoBill) -> Json:
    dealt = item.outcome not in (None, Outcome.NOT_REACHED)
    return {
        "apreciado": "true" if dealt else "false",
        "codigo": str(meeting.number * 20 + item.order),
        "descricao": bill.identification,
        "doma": {
            "ano": str(bill.identity.year),
            "codigoMateria": str(bill.materia),
            "ementa": bill.title,
            "idProcesso": str(bill.id),
            "identificacao": bill.identification,
            "sigla": bill.identity.kind,
        },
        "nome": bill.identification,
        "ordem": str(item.order),
        "resultadoPublico": "true" if item.outcome is not None else "false",
        "tipo": "MATE",
        "tipoPauta": "Pauta",
    }
