"""Portuguese titles and summaries for a feed: its filters, and the changes of each bill."""

from collections.abc import Mapping, Sequence
from typing import Any

from legis.domain.change_kind import ChangeKind

FILTER_WORDS: Mapping[str, str] = {
    "q": "busca",
    "chamber": "casa",
    "type": "tipo",
    "number": "número",
    "year": "ano",
    "status": "situação",
    "in_progress": "em tramitação",
    "author": "autor",
    "legislator_id": "parlamentar",
    "party": "partido",
    "state": "UF",
    "subject": "tema",
    "organization": "órgão",
    "rapporteur": "relator",
    "regime": "regime",
    "introduced_from": "apresentada desde",
    "introduced_to": "apresentada até",
    "last_action_from": "última tramitação desde",
    "last_action_to": "última tramitação até",
    "changed_since": "alterada desde",
    "ids": "proposições",
    "urns": "URN",
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
_SITUATION, _RULES = "situação", "regime de tramitação"
FIELD_WORDS: Mapping[str, str] = {
    **dict.fromkeys(("status", "status_code", "status_reason", "status_text", "status_on"), _SITUATION),
    **dict.fromkeys(("regime_text", "consideration_text", "conclusive"), _RULES),
    **dict.fromkeys(("type", "type_code", "type_text", "type_variant_code"), "tipo"),
    **dict.fromkeys(("number", "number_text", "year", "identifier", "other_identifiers", "legacy_id"), "numeração"),
    **dict.fromkeys(("introduced_on", "introduced_at"), "apresentação"),
    **dict.fromkeys(("sponsorships", "sponsors_text"), "autoria"),
    **dict.fromkeys(("originating_chamber", "chamber", "chamber_role", "scope_text"), "casa"),
    "actions": "tramitações",
    "latest_action": "última tramitação",
    "vote_events": "votações",
    "in_progress": "em tramitação",
    "organization": "órgão",
    "decision": "deliberação",
    "enactment": "norma gerada",
    "rapporteurs": "relatoria",
    "agenda": "pauta",
    "title": "ementa",
    "abstract": "explicação da ementa",
    "nickname": "apelido",
    "subjects": "temas",
    "keywords": "indexação",
    "documents": "documentos",
    "related_bills": "proposições relacionadas",
    "url": "endereço",
    "removed_at": "volta à fonte",
}
"""Portuguese names of changed fields, by field name; several fields may share one name."""

_MOVEMENT = "Mostra tramitações, remoções e proposições apresentadas nos 30 dias anteriores."


def feed_title(asked: Mapping[str, Any]) -> str:
    """The title of a feed with these filters; `asked` is by parameter name."""
    if not asked:
        return "Legis: proposições do Congresso Nacional"
    return f"Legis: proposições – {'; '.join(_asked(name, value) for name, value in asked.items())}"


def feed_subtitle(kinds: Sequence[str]) -> str:
    """The feed's kinds of change: the requested ones, or movement if none was requested."""
    if not kinds:
        return _MOVEMENT
    return f"Mostra mudanças do tipo: {', '.join(kinds)}."


def entry_summary(bill: Mapping[str, Any], kind: str, fields: Sequence[str]) -> str:
    """The changes of a bill, and its present situation."""
    parts = [KIND_WORDS.get(kind, kind)]
    changed = dict.fromkeys(FIELD_WORDS.get(name, name) for name in fields)
    if changed and kind != ChangeKind.CREATED:
        parts.append(f"mudou: {', '.join(changed)}")
    if bill["status_text"]:
        parts.append(f"{_SITUATION}: {bill['status_text']}")
    if (action := bill["latest_action"] or {}).get("description"):
        parts.append(f"última tramitação: {action['description']}")
    return " – ".join(parts)


def _asked(name: str, value: Any) -> str:
    if isinstance(value, bool):
        text = "sim" if value else "não"
    else:
        text = value if isinstance(value, str) else ", ".join(value)
    return f"{FILTER_WORDS.get(name, name)} {text}"
