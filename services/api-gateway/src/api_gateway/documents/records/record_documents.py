"""Renders a record to JSON bytes when it is written. Like bills: a body first, sealed with its stamp once that is known
(`render.seal_document`, `render.seal_summary`).
"""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from legis.domain.records.any_record import AnyRecord

_JSON = orjson.OPT_UTC_Z
_INTERNAL = {"extras", "kind"}
_LONG_LISTS = {"votes", "orientations", "agenda", "memberships", "members", "flags"}


def document_body(record: AnyRecord, provenance: Sequence[Mapping[str, Any]]) -> bytes:
    """The whole record without its end. Votings are given completed (`vote_completion.completed`)."""
    fields = record.model_dump(mode="json", exclude=_INTERNAL)
    return orjson.dumps({**fields, "provenance": provenance}, option=_JSON)[:-1]


def summary_body(record: AnyRecord) -> bytes:
    """The record in a list without its end."""
    return orjson.dumps(record.model_dump(mode="json", exclude=_INTERNAL | _LONG_LISTS), option=_JSON)[:-1]
