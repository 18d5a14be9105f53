"""Exports finished spans as JSON lines to a file of bounded size."""

import fcntl
import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from opentelemetry.trace import format_span_id, format_trace_id

ROTATE_BYTES = 64 * 1024 * 1024
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class SpanFileExporter(SpanExporter):
    """Appends one JSON object per finished span. Several processes may share the file.

    A batch is one write to a file opened for appending, so lines of two processes never mix. When the file would exceed
    `rotate_bytes`, it is renamed to `<path>.1`, replacing an earlier one.
    """

    def __init__(self, path: str, *, rotate_bytes: int = ROTATE_BYTES) -> None:
        self._path = path
        self._rotate_bytes = rotate_bytes

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Writes the batch. A full or read-only disk loses the batch, and never ends the process."""
        lines = b"".join(orjson.dumps(span_document(span), default=str) + b"\n" for span in spans)
        try:
            self._append(lines)
        except OSError:
            return SpanExportResult.FAILURE
        return SpanExportResult.SUCCESS

    def shutdown(self) -> None:
        """Does nothing: no file is open between batches."""

    def _append(self, lines: bytes) -> None:
        for _ in range(8):  # another process may rotate the file between our open and our lock
            descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o644)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX)
                if not self._is_current(descriptor):
                    continue
                size = os.fstat(descriptor).st_size
                if size and size + len(lines) > self._rotate_bytes:
                    os.replace(self._path, f"{self._path}.1")
                    continue
                _write_all(descriptor, lines)
                return
            finally:
                os.close(descriptor)

    def _is_current(self, descriptor: int) -> bool:
        try:
            current = os.stat(self._path)
        except FileNotFoundError:
            return False
        return os.path.samestat(os.fstat(descriptor), current)


def span_document(span: ReadableSpan) -> dict[str, Any]:
    """The span as a dictionary: ids in hex, `start` RFC 3339 in UTC with microseconds, `duration_ms`
    in milliseconds.
    """
    context = span.get_span_context()
    start, end = span.start_time or 0, span.end_time or 0
    return {
        "trace_id": format_trace_id(context.trace_id) if context else None,
        "span_id": format_span_id(context.span_id) if context else None,
        "parent_id": format_span_id(span.parent.span_id) if span.parent else None,
        "name": span.name,
        "kind": span.kind.name,
        "service": str(span.resource.attributes.get("service.name", "")),
        "start": _rfc3339(start),
        "duration_ms": (end - start) / 1e6,
        "status": span.status.status_code.name,
        "attributes": _plain(span.attributes),
        "links": [
            {"trace_id": format_trace_id(link.context.trace_id), "span_id": format_span_id(link.context.span_id)}
            for link in span.links
        ],
    }


def _rfc3339(nanoseconds: int) -> str:
    instant = _EPOCH + timedelta(microseconds=nanoseconds // 1000)
    return instant.isoformat(timespec="microseconds").replace("+00:00", "Z")


def _plain(attributes: Mapping[str, Any] | None) -> dict[str, Any]:
    return dict(attributes or {})


def _write_all(descriptor: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
