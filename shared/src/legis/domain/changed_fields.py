"""Fields of a bill whose changes are logged: which are movement and which an edit, each with its Portuguese name.

Several fields may share one name: news say it once.
"""

from collections.abc import Mapping

from legis.domain.bill import VOLATILE_FIELDS

HISTORIES = frozenset({"actions", "vote_events"})
"""Lists that only grow at the source. Their changes list the entries that disappeared and the entries that are new."""

_SITUATION, _RULES = "situação", "regime de tramitação"

MOVED_FIELDS: Mapping[str, str] = {
    "actions": "tramitações",
    "vote_events": "votações",
    "status": _SITUATION,
    "status_code": _SITUATION,
    "status_reason": _SITUATION,
    "status_text": _SITUATION,
    "status_on": _SITUATION,
    "in_progress": "em tramitação",
    "regime_text": _RULES,
    "consideration_text": _RULES,
    "conclusive": _RULES,
    "organization": "órgão",
    "latest_action": "última tramitação",
    "decision": "deliberação",
    "enactment": "norma gerada",
    "rapporteurs": "relatoria",
    "agenda": "pauta",
}
"""A change of one of these fields is movement; so is a new joining in `related_bills`."""

EDITED_FIELDS: Mapping[str, str] = {
    "title": "ementa",
    "abstract": "explicação da ementa",
    "nickname": "apelido",
    "type": "tipo",
    "type_code": "tipo",
    "type_text": "tipo",
    "type_variant_code": "tipo",
    "number": "numeração",
    "number_text": "numeração",
    "year": "numeração",
    "identifier": "numeração",
    "other_identifiers": "numeração",
    "legacy_id": "numeração",
    "introduced_on": "apresentação",
    "introduced_at": "apresentação",
    "scope_text": "casa",
    "originating_chamber": "casa",
    "chamber": "casa",
    "chamber_role": "casa",
    "sponsorships": "autoria",
    "sponsors_text": "autoria",
    "subjects": "temas",
    "keywords": "indexação",
    "documents": "documentos",
    "related_bills": "proposições relacionadas",
    "url": "endereço",
}
"""A change of one of these fields is an edit of the record; so is one of any field in neither list."""

UNLOGGED_FIELDS = VOLATILE_FIELDS | {
    "counterpart_hints", "last_action_at", "status_basis", "urn_lex", "urn_aliases", "urn_status",
}  # fmt: skip
"""Fields that never appear in an entry: bookkeeping, fields that only link records, and fields derived from others."""
