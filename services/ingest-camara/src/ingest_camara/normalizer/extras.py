"""Puts fields that upstream sends and the domain does not map into `extras`, without personal data."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from legis.domain.storable_text import clean
from legis.domain.vocabulary import QualityFlagCode

from ingest_camara.normalizer.claims import Claims
from ingest_camara.wire.shapes import DetailShape, Record

_PERSONAL = re.compile(r"cpf|e-?mail|telefone|nascimento", re.IGNORECASE)
_UNMAPPED = ("uriOrgaoNumerador", "urnFinal", "texto", "justificativa")
_DEPTH = 12


def keep_unknown(claims: Claims, record: Record, name: str | None = None) -> None:
    """Puts a record's unknown fields into the extras, under `name` where the record is a part of the bill."""
    keep_fields(claims, record.unknown, name)


def keep_fields(claims: Claims, fields: Mapping[str, Any], name: str | None = None) -> None:
    """Puts these fields into the extras, as `keep_unknown` does."""
    kept = _cleaned(claims, fields)
    if not kept:
        return
    extras = claims.values.setdefault("extras", {})
    if name is None:
        extras.update(kept)
    else:
        extras[name] = kept


def keep_unknown_rows(claims: Claims, name: str, records: Iterable[Record]) -> None:
    """Puts the unknown fields of a list's rows into the extras, as `name`: {place in the list: fields}."""
    rows = {str(index): kept for index, record in enumerate(records) if (kept := _cleaned(claims, record.unknown))}
    if rows:
        claims.values.setdefault("extras", {})[name] = rows


def keep_unmapped(claims: Claims, item: DetailShape) -> None:
    """Puts known fields without a place in the domain into the extras, where they are not empty."""
    for name in _UNMAPPED:
        value = getattr(item, name)
        if value:
            claims.values.setdefault("extras", {})[name] = _clean(claims, value, 0)


def _cleaned(claims: Claims, fields: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _clean(claims, value, 0) for key, value in fields.items() if not _PERSONAL.search(key)}


def _clean(claims: Claims, value: Any, depth: int) -> Any:
    if isinstance(value, str):
        text, removed = clean(value)
        if removed:
            claims.flag(QualityFlagCode.CHARACTERS_REMOVED, "extras")
        return text
    if depth > _DEPTH:
        claims.flag(QualityFlagCode.TRUNCATED, "extras", "nested too deep")
        return None
    if isinstance(value, Mapping):
        return {
            _clean(claims, str(key), depth): _clean(claims, item, depth + 1)
            for key, item in value.items()
            if not _PERSONAL.search(str(key))
        }
    if isinstance(value, list):
        return [_clean(claims, item, depth + 1) for item in value]
    return value
