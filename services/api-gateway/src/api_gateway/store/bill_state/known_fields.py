"""Infers which fields have been claimed of a bill that was stored before claims were recorded.

A field with a value in the record was certainly claimed. A field claimed as empty left no trace except its part in the
provenance: so of each part, the fields that all its readings claim count as known. If a field is missing here, its next
change is logged as READ once, and never as a movement that did not happen.
"""

from collections.abc import Iterable, Mapping

import orjson

from api_gateway.store.bill_state.stored_fingerprints import EMPTY, Fingerprint

_CAMARA_ROW = frozenset({
    "chamber", "type", "type_code", "type_variant_code", "number", "number_text", "year", "identifier", "url", "status",
})  # fmt: skip
_SENADO_ROW = frozenset({
    "type", "type_code", "number", "number_text", "year", "identifier", "chamber", "type_text", "title",
    "introduced_on", "status", "status_text", "status_on", "in_progress", "chamber_role", "documents", "legacy_id",
    "url",
})  # fmt: skip
ALWAYS_CLAIMED: Mapping[tuple[str, str], frozenset[str]] = {
    ("camara", "BULK"): _CAMARA_ROW,
    ("camara", "DETAIL"): _CAMARA_ROW | {"related_bills"},
    ("senado", "LIST"): _SENADO_ROW | {"nickname", "sponsors_text"},
    ("senado", "DETAIL"): _SENADO_ROW | {
        "abstract", "status_code", "organization", "latest_action", "actions", "sponsorships", "subjects", "keywords",
        "originating_chamber", "other_identifiers", "counterpart_hints", "related_bills", "decision", "enactment",
    },
    ("senado", "VOTES"): frozenset({"vote_events"}),
}  # fmt: skip
"""Fields that every reading claims, by source and part."""


def infer_known_fields(source: str, record: bytes, prints: Fingerprint, parts: Iterable[str]) -> frozenset[str]:
    """The known fields of a row whose `known_fields` is null. `parts` are the parts in its provenance."""
    known = set(orjson.loads(record))  # a stored record has no fields with default values
    known |= {name for name, hashed in (("actions", prints.actions), ("vote_events", prints.vote_events))
              if hashed != EMPTY}  # fmt: skip
    return frozenset(known.union(*(ALWAYS_CLAIMED.get((source, part), ()) for part in parts)))
