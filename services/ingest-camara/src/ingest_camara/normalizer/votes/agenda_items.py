"""Items of an agenda (pauta), each with a key that identifies it within its event over several readings."""

from collections import Counter
from collections.abc import Sequence

from legis.domain.records.event_record import AgendaItem
from legis.domain.records.record import record_id
from legis.domain.search_text import plain
from legis.domain.storable_text import clean
from legis.domain.vocabulary import Source

from ingest_camara.normalizer.addresses import deputy_id, proposal_id
from ingest_camara.normalizer.claims import whole
from ingest_camara.normalizer.votes.record_claims import RecordClaims
from ingest_camara.normalizer.votes.voted_bills import identifier_of
from ingest_camara.vocabulary.event_words import agenda_outcome
from ingest_camara.wire.event_records import AgendaRow

_FIELD = "agenda"
_LONGEST_KEY = 120


def agenda_items(claims: RecordClaims, rows: Sequence[AgendaRow]) -> tuple[AgendaItem, ...]:
    """The items in the order of the agenda. The key is the proposição's id, else the folded title; `#2` for the second
    item of one key.
    """
    met: Counter[str] = Counter()
    items = []
    for row in rows:
        base = _key(row)
        met[base] += 1
        items.append(_item(claims, row, base if met[base] == 1 else f"{base}#{met[base]}"))
    return tuple(sorted(items, key=lambda item: (item.order is None, item.order or 0, item.key)))


def _key(row: AgendaRow) -> str:
    if row.proposicao_ is not None:
        return row.proposicao_.id
    folded = " ".join(plain(clean(row.titulo or row.topico or "")[0]).split())
    return folded[:_LONGEST_KEY] or "item"


def _item(claims: RecordClaims, row: AgendaRow, key: str) -> AgendaItem:
    main = row.proposicao_
    name = claims.text(_FIELD, row.relator.nome) if row.relator else None
    deputy = (claims.text(_FIELD, row.relator.id) or deputy_id(row.relator.uri)) if row.relator else None
    voting = (claims.text(_FIELD, row.uriVotacao) or "").rstrip("/").rpartition("/")[2]
    outcome = claims.text(_FIELD, row.situacaoItem)
    return AgendaItem(
        key=key,
        order=whole(row.ordem),
        section=claims.text(_FIELD, row.topico),
        bill_ids=_bills(row),
        identifier=identifier_of(main) if main else None,
        text=claims.text(_FIELD, row.titulo) or (claims.text(_FIELD, main.ementa) if main else None),
        rapporteur=name,
        rapporteur_id=record_id(Source.CAMARA, "deputy", deputy) if deputy else None,
        outcome=agenda_outcome(outcome),
        outcome_text=outcome,
        vote_event_id=record_id(Source.CAMARA, "vote", voting) if voting else None,
    )


def _bills(row: AgendaRow) -> tuple[str, ...]:
    """Our ids of the item's own proposição and of the bill that it is about."""
    related = row.proposicaoRelacionada_.id if row.proposicaoRelacionada_ else None
    found = (row.proposicao_.id if row.proposicao_ else None, related, proposal_id(row.uriProposicaoRelacionada))
    known = [one.lstrip("0") for one in found if one and one.isascii() and one.isdigit() and one.strip("0")]
    return tuple(dict.fromkeys(f"{Source.CAMARA.value}-{one}" for one in known))
