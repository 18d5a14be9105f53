"""Reads files of finished spans and renders the newest trace that leads from a source to the worker."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

INGEST_PREFIX = "ingest-"
WORKER = "worker"
_SHOWN = (
    "legis.source",
    "legis.endpoint",
    "http.response.status_code",
    "legis.outcome",
    "messaging.batch.message_count",
)


@dataclass(frozen=True, slots=True)
class SpanRecord:
    """One finished span. `start` is in UTC, `links` are pairs (trace id, span id)."""

    trace_id: str
    span_id: str
    parent_id: str | None
    name: str
    kind: str
    service: str
    start: datetime
    duration_ms: float
    status: str
    attributes: dict[str, Any]
    links: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class _Summary:
    ingest: bool = False
    worker: bool = False
    newest: str = ""


def newest_end_to_end(paths: Iterable[Path | str]) -> list[SpanRecord]:
    """The spans, by start, of the newest trace that has spans of both an ingest service and the worker.

    The worker's spans are in the trace itself, or in traces of its own that link to it (batches); those linked traces
    are in the result too. For each file its rotated `.1` is read as well. Empty when there is no such trace. Files are
    read twice, line by line, so memory holds one trace and a summary per trace.
    """
    files = [file for path in paths for file in (Path(f"{path}.1"), Path(path)) if file.is_file()]
    summaries, linked_by = _summarise(files)
    complete = [
        trace_id
        for trace_id, own in summaries.items()
        if own.ingest and (own.worker or any(summaries[other].worker for other in linked_by[trace_id]))
    ]
    if not complete:
        return []
    chosen = max(complete, key=lambda trace_id: summaries[trace_id].newest)
    wanted = {chosen, *(other for other in linked_by[chosen] if summaries[other].worker)}
    spans = {record.span_id: record for record in read_spans(files) if record.trace_id in wanted}
    return sorted(spans.values(), key=lambda record: (record.start, record.span_id))


def render(spans: Sequence[SpanRecord]) -> str:
    """The spans as an indented tree with durations in milliseconds, one line each, children by start.

    A span that only links to another is shown below it, marked `~`; a span whose parent is not in the list is a root.
    """
    if not spans:
        return "no trace goes from a source to the worker yet\n"
    children = _children(spans)
    begin = min(span.start for span in spans)
    end = max(span.start.timestamp() + span.duration_ms / 1000 for span in spans)
    head = f"trace {spans[0].trace_id}  {begin.isoformat(timespec='milliseconds').replace('+00:00', 'Z')}"
    lines = [f"{head}  {len(spans)} spans  {(end - begin.timestamp()) * 1000:.1f} ms"]
    waiting = [(span, 1, "") for span in reversed(children[None])]
    while waiting:
        span, depth, mark = waiting.pop()
        lines.append("  " * depth + mark + _line(span))
        below = children[span.span_id]
        waiting += [(child, depth + 1, _mark(span, child)) for child in reversed(below)]
    return "\n".join(lines) + "\n"


def _children(spans: Sequence[SpanRecord]) -> dict[str | None, list[SpanRecord]]:
    here = {span.span_id for span in spans}
    children: dict[str | None, list[SpanRecord]] = defaultdict(list)
    for span in sorted(spans, key=lambda one: (one.start, one.span_id)):
        linked = next((span_id for _, span_id in span.links if span_id in here and span_id != span.span_id), None)
        above = span.parent_id if span.parent_id in here else linked
        children[above].append(span)
    return children


def _mark(parent: SpanRecord, child: SpanRecord) -> str:
    return "" if child.parent_id == parent.span_id else "~ "


def _line(span: SpanRecord) -> str:
    shown = [f"{name.rpartition('.')[2]}={span.attributes[name]}" for name in _SHOWN if name in span.attributes]
    failed = ["ERROR"] if span.status == "ERROR" else []
    return "  ".join([f"{span.service}: {span.name}", f"{span.duration_ms:.1f} ms", *failed, *shown])


def _summarise(files: Sequence[Path]) -> tuple[dict[str, _Summary], dict[str, set[str]]]:
    summaries: dict[str, _Summary] = defaultdict(_Summary)
    linked_by: dict[str, set[str]] = defaultdict(set)
    for record in read_spans(files):
        own = summaries[record.trace_id]
        own.ingest |= record.service.startswith(INGEST_PREFIX)
        own.worker |= record.service == WORKER
        own.newest = max(own.newest, record.start.isoformat(timespec="microseconds"))
        for trace_id, _ in record.links:
            linked_by[trace_id].add(record.trace_id)
    return summaries, linked_by


def read_spans(files: Sequence[Path]) -> Iterator[SpanRecord]:
    """Every readable line; a line that is damaged, or being written at this moment, is skipped."""
    for file in files:
        with file.open("rb") as lines:
            for line in lines:
                try:
                    yield _record(orjson.loads(line))
                except (ValueError, KeyError, TypeError):
                    continue


def _record(document: dict[str, Any]) -> SpanRecord:
    return SpanRecord(
        trace_id=str(document["trace_id"]),
        span_id=str(document["span_id"]),
        parent_id=document.get("parent_id"),
        name=str(document["name"]),
        kind=str(document["kind"]),
        service=str(document["service"]),
        start=datetime.fromisoformat(document["start"]).astimezone(UTC),
        duration_ms=float(document["duration_ms"]),
        status=str(document["status"]),
        attributes=dict(document["attributes"]),
        links=tuple((str(link["trace_id"]), str(link["span_id"])) for link in document["links"]),
    )
