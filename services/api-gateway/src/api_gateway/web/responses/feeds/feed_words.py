"""Portuguese titles and summaries for a feed: its filters, and the changes of each bill."""

from collections.abc import Mapping, Sequence
from typing import Any

from legis.domain.change_kind import ChangeKind
from legis.domain.changed_fields import EDITED_FIELDS, MOVED_FIELDS
from legis.domain.search_text import plain
from legis.domain.vocabulary import BillStatus, Chamber

from api_gateway.search.filtering.filters import FILTERS

FILTER_WORDS: Mapping[str, str] = {
    **{one.name: one.portuguese for one in FILTERS},
    "kind": "mudança",
    "field": "campo",
}
"""Portuguese names of the filters, by parameter name."""

KIND_WORDS: Mapping[str, str] = {
    ChangeKind.CREATED: "Nova proposição",
    ChangeKind.READ: "Leitura complementar",
    ChangeKind.MOVED: "Tramitou",
    ChangeKind.EDITED: "Dados alterados",
    ChangeKind.CORRECTED: "Corrigida pela fonte",
    ChangeKind.REMOVED: "Removida pela fonte",
}
STATUS_WORDS: Mapping[str, str] = {
    BillStatus.INTRODUCED: "apresentado",
    BillStatus.AWAITING_DISPATCH: "aguarda despacho",
    BillStatus.IN_COMMITTEE: "em comissão",
    BillStatus.AWAITING_RAPPORTEUR: "aguarda relatoria",
    BillStatus.AWAITING_OPINION: "aguarda parecer",
    BillStatus.AWAITING_ANSWER: "aguarda resposta",
    BillStatus.READY_FOR_AGENDA: "pronto para votar",
    BillStatus.AWAITING_DELIBERATION: "aguarda votação",
    BillStatus.JOINED: "anda junto com outro",
    BillStatus.APPROVED: "aprovado",
    BillStatus.SENT_TO_OTHER_CHAMBER: "foi para a outra casa",
    BillStatus.AWAITING_SANCTION: "aguarda sanção",
    BillStatus.AWAITING_VETO_REVIEW: "veto em análise",
    BillStatus.ENACTED: "virou lei",
    BillStatus.ANSWERED: "respondido",
    BillStatus.VETOED: "vetado",
    BillStatus.REJECTED: "rejeitado",
    BillStatus.MOOT: "prejudicado",
    BillStatus.WITHDRAWN: "retirado",
    BillStatus.RETURNED: "devolvido",
    BillStatus.EXPIRED: "perdeu a validade",
    BillStatus.TRANSFORMED: "virou outro projeto",
    BillStatus.ARCHIVED: "arquivado",
    BillStatus.IN_PROGRESS: "em andamento",
    BillStatus.OTHER: "outra situação",
    BillStatus.UNKNOWN: "situação desconhecida",
}
"""Portuguese names of the situations, as the pages have them."""

FIELD_WORDS: Mapping[str, str] = {**MOVED_FIELDS, **EDITED_FIELDS, "removed_at": "volta à fonte"}
"""Portuguese names of changed fields, by field name; several fields may share one name."""

CHAMBER_WORDS: Mapping[str, str] = {Chamber.CAMARA: "Câmara", Chamber.SENADO: "Senado", Chamber.CONGRESSO: "Congresso"}
"""Short names of the houses, as the pages have them."""

_VALUE_WORDS: Mapping[str, Mapping[str, str]] = {
    "kind": {plain(kind): word[0].lower() + word[1:] for kind, word in KIND_WORDS.items()},
    "status": {plain(status): word for status, word in STATUS_WORDS.items()},
    "field": FIELD_WORDS,
    "chamber": {plain(house): word for house, word in CHAMBER_WORDS.items()},
}
"""Portuguese words for the values of a filter, by the value in small letters without accents, as it may be written."""

_MOVEMENT = "Mostra tramitações, remoções e proposições apresentadas nos 30 dias anteriores."


def feed_title(asked: Mapping[str, Any]) -> str:
    """The title of a feed with these filters; `asked` is by parameter name."""
    if not asked:
        return "Legis: proposições do Congresso Nacional"
    return f"Legis: proposições – {filters_in_words(asked)}"


def filters_in_words(asked: Mapping[str, Any]) -> str:
    """Filters with their values, in Portuguese; empty for none. `asked` is by parameter name."""
    return "; ".join(_asked(name, value) for name, value in asked.items())


def feed_subtitle(kinds: Sequence[str]) -> str:
    """The feed's kinds of change: the requested ones, or movement if none was requested."""
    if not kinds:
        return _MOVEMENT
    return f"Mostra mudanças do tipo: {', '.join(_words('kind', kinds))}."


def entry_summary(bill: Mapping[str, Any], kind: str, fields: Sequence[str]) -> str:
    """The changes of a bill, and its present situation."""
    parts = [KIND_WORDS.get(kind, kind)]
    changed = dict.fromkeys(FIELD_WORDS.get(name, name) for name in fields)
    if changed and kind != ChangeKind.CREATED:
        parts.append(f"mudou: {', '.join(changed)}")
    if bill["status_text"]:
        parts.append(f"{FIELD_WORDS['status']}: {bill['status_text']}")
    if (action := bill["latest_action"] or {}).get("description"):
        parts.append(f"{FIELD_WORDS['latest_action']}: {action['description']}")
    return " – ".join(parts)


def _words(name: str, values: Sequence[str]) -> list[str]:
    """The values of a filter, also those that commas part, in Portuguese; one that is excluded by `-` is told as
    `exceto`.
    """
    known = _VALUE_WORDS.get(name, {})
    told = [part.strip() for value in values for part in value.split(",")]
    return [f"exceto {_word(known, one[1:].strip())}" if one.startswith("-") else _word(known, one) for one in told]


def _word(known: Mapping[str, str], value: str) -> str:
    return known.get(plain(value), value)


def _asked(name: str, value: Any) -> str:
    if isinstance(value, bool):
        text = "sim" if value else "não"
    else:
        text = value if isinstance(value, str) else ", ".join(_words(name, value))
    return f"{FILTER_WORDS.get(name, name)} {text}"
