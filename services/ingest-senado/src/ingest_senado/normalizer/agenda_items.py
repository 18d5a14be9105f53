"""Items of agendas, each with a key that is the same in every reading."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set

from legis.domain.records.event_record import AgendaItem, AgendaOutcome
from legis.domain.vocabulary import Source

from ingest_senado.normalizer.notes import folded
from ingest_senado.vocabulary.chambers import yes_no
from ingest_senado.vocabulary.event_statuses import SECTIONS, WITHDRAWN_SECTION, outcome_of
from ingest_senado.wire.event_records import MeetingItem, MeetingPart, SessionItem, SessionResult, SessionRow


def items_of_meeting(parts: Sequence[MeetingPart]) -> tuple[AgendaItem, ...]:
    """The items of all parts of a committee's meeting."""
    found = [_item(item, part) for part in parts for item in part.itens]
    return _with_unique_keys(found)


def _item(item: MeetingItem, part: MeetingPart) -> AgendaItem:
    papers = [paper for paper in item.doma if paper.idProcesso is not None]
    texts = [paper.ementa for paper in item.doma if paper.ementa]
    label = item.nome or item.descricao
    process = f"process-{papers[0].idProcesso}" if papers else None
    return AgendaItem(
        key=str(item.codigo) if item.codigo is not None else process or f"{part.nome}-{item.ordem}",
        order=item.ordem,
        section=part.nome,
        bill_ids=tuple(dict.fromkeys(f"{Source.SENADO.value}-{paper.idProcesso}" for paper in papers)),
        identifier=papers[0].identificacao if papers else label,
        text=folded(texts[0]) if texts else folded(item.descricao),
        outcome=_committee_outcome(item),
    )


def _committee_outcome(item: MeetingItem) -> AgendaOutcome | None:
    """DISCUSSED where the item was dealt with; NOT_REACHED where a published result says it was not."""
    if yes_no(item.apreciado):
        return AgendaOutcome.DISCUSSED
    return AgendaOutcome.NOT_REACHED if yes_no(item.resultadoPublico) else None


def items_of_session(
    session: SessionRow, result: SessionResult | None, process_ids: Mapping[int, int]
) -> tuple[AgendaItem, ...]:
    """The items of a session, with their outcomes where the result is known.

    The agenda gives items no code, so the key is the code of the matter, which agenda and result share.
    """
    rows = _rows_of(session, result)
    return _with_unique_keys([_session_item(key, row, process_ids) for key, row in rows.items()])


def unanswered_items(session: SessionRow, result: SessionResult | None, codes: Set[int]) -> list[str]:
    """The keys of the items that are about one of these matters."""
    return [key for key, row in _rows_of(session, result).items() if row.codigoMateria in codes]


def _rows_of(session: SessionRow, result: SessionResult | None) -> dict[str, SessionItem]:
    return {_key(row): row for row in (*session.Materias, *(result.Itens if result else ()))}


def _key(row: SessionItem) -> str:
    if row.codigoMateria is not None:
        return f"matter-{row.codigoMateria}"
    return str(row.codigoItem) if row.codigoItem is not None else f"{row.tipoPauta}-{row.sequencialItem}"


def _session_item(key: str, row: SessionItem, process_ids: Mapping[int, int]) -> AgendaItem:
    process_id = process_ids.get(row.codigoMateria or 0)
    withdrawn = AgendaOutcome.WITHDRAWN if row.tipoPauta == WITHDRAWN_SECTION else None
    return AgendaItem(
        key=key,
        order=row.sequencialItem,
        section=row.descricaoTipoPauta or SECTIONS.get(row.tipoPauta or "", row.tipoPauta),
        bill_ids=() if process_id is None else (f"{Source.SENADO.value}-{process_id}",),
        identifier=_label(row),
        text=folded(row.ementaPapeleta),
        outcome=outcome_of(row.indicadorDeliberacao, row.textoResultado) or withdrawn,
        outcome_text=folded(row.textoResultado) or row.descricaoDeliberacao,
    )


def _label(row: SessionItem) -> str | None:
    if not (row.siglaMateria and row.numeroMateria and row.anoMateria):
        return None
    return f"{row.siglaMateria} {row.numeroMateria.lstrip('0')}/{row.anoMateria}"


def _with_unique_keys(items: Iterable[AgendaItem]) -> tuple[AgendaItem, ...]:
    """The items; the second one of a key gets `#2`."""
    met: Counter[str] = Counter()
    found = []
    for item in items:
        met[item.key] += 1
        number = met[item.key]
        found.append(item if number == 1 else item.model_copy(update={"key": f"{item.key}#{number}"}))
    return tuple(found)
