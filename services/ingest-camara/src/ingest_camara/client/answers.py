"""Opens a response of the Câmara's API. A body that is not JSON with `dados` is refused."""

import json
from dataclasses import dataclass
from typing import Any, TypeVar

import orjson
from legis.digits import digits_value
from legis.errors import RecordRejected, UpstreamUnavailable
from legis.telemetry.metrics import UNKNOWN_FIELDS
from legis.upstream import UpstreamAnswer
from pydantic import ValidationError

from ingest_camara.wire.wire_model import WireModel

M = TypeVar("M", bound=WireModel)
_REPLACED = "\ufffd"


@dataclass(frozen=True, slots=True)
class Envelope:
    """The envelope around every response.

    `total` is None where upstream does not give it. `suspect` is True where some bytes of the response are not valid
    UTF-8: they were replaced by U+FFFD, and the records that hold them must not be trusted.
    """

    data: Any
    has_next: bool
    total: int | None
    suspect: bool
    answer: UpstreamAnswer


def open_envelope(answer: UpstreamAnswer) -> Envelope:
    """The envelope of a response.

    Raises UpstreamUnavailable when the body is cut, empty, or an error under a success status.
    """
    body = answer.json()
    if not isinstance(body, dict) or "dados" not in body:
        raise UpstreamUnavailable(f"answer without 'dados' from {answer.url}")
    links = body.get("links")
    rels = {link.get("rel") for link in links if isinstance(link, dict)} if isinstance(links, list) else set()
    total = answer.headers.get("x-total-count", "")
    return Envelope(body["dados"], "next" in rels, digits_value(total), not _is_text(answer.body), answer)


def _is_text(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def read_rows(envelope: Envelope, model: type[M], record: str, upstream_id: str) -> tuple[M, ...]:
    """Every row of a list that belongs to a bill or record. Raises RecordRejected for that one when a row is unfit."""
    if not isinstance(envelope.data, list):
        raise UpstreamUnavailable(f"'dados' is no list in {envelope.answer.url}")
    try:
        return tuple(read_record(row, model, record, suspect=envelope.suspect) for row in envelope.data)
    except ValueError as error:
        raise rejected(error, envelope.answer.body, upstream_id, envelope.answer.url) from None


def read_record(raw: Any, model: type[M], record: str, *, suspect: bool) -> M:
    """One record, its unknown fields counted under the name `record`. Raises ValueError when it does not fit."""
    if suspect and _REPLACED in json.dumps(raw, ensure_ascii=False):
        raise ValueError("it holds bytes that are no UTF-8")
    parsed = model.model_validate(raw)
    _count_unknown(parsed, record)
    return parsed


def _count_unknown(parsed: WireModel, record: str) -> None:
    if parsed.unknown:
        UNKNOWN_FIELDS.labels("camara", record).inc(len(parsed.unknown))
    for name in parsed.model_fields_set:
        part = getattr(parsed, name, None)
        if isinstance(part, WireModel):
            _count_unknown(part, f"{record}.{name}")


def rejected(error: Exception, raw: bytes, upstream_id: str | None, url: str) -> RecordRejected:
    """The rejection of a record. It names the field that did not fit, without its value."""
    reason = str(error)
    if isinstance(error, ValidationError):
        reason = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()[:5])
    return RecordRejected(reason, raw=raw, upstream_id=upstream_id, source_url=url)


def raw_of(value: Any) -> bytes:
    """A parsed record as JSON again. The exact bytes of a single row of a page are no longer available."""
    try:
        return orjson.dumps(value)
    except TypeError:
        return json.dumps(value, ensure_ascii=False).encode("utf-8", "backslashreplace")
