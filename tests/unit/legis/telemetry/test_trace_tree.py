"""The newest trace from a source to the worker, found in files and shown as a tree."""

import json
from pathlib import Path
from typing import Any

from legis.telemetry.trace_tree import newest_end_to_end, render


def span(trace: str, span_id: str, service: str, name: str, second: int, **more: Any) -> str:
    document = {
        "trace_id": trace,
        "span_id": span_id,
        "parent_id": None,
        "name": name,
        "kind": "INTERNAL",
        "service": service,
        "start": f"2026-11-23T12:00:{second:02}.000000Z",
        "duration_ms": 1000.0,
        "status": "UNSET",
        "attributes": {},
        "links": [],
        **more,
    }
    return json.dumps(document)


def write(path: Path, *lines: str) -> Path:
    path.write_text("".join(f"{line}\n" for line in lines))
    return path


def test_the_newest_whole_trace_is_chosen_across_files(tmp_path: Path) -> None:
    ingest = write(
        tmp_path / "ingest.jsonl",
        span("t1", "a1", "ingest-camara", "publish", 1),
        span("t2", "a2", "ingest-camara", "publish", 10),
        span("t3", "a3", "ingest-senado", "publish", 30),
    )
    worker = write(
        tmp_path / "worker.jsonl",
        span("t1", "b1", "worker", "store", 2, parent_id="a1"),
        span("t2", "b2", "worker", "store", 11, parent_id="a2"),
        span("t4", "b4", "worker", "sweep", 40),
    )
    assert [record.span_id for record in newest_end_to_end([ingest, worker])] == ["a2", "b2"]


def test_a_batch_of_the_worker_belongs_to_what_it_links_to(tmp_path: Path) -> None:
    file = write(
        tmp_path / "all.jsonl",
        span("t1", "root", "ingest-camara", "read window", 1, duration_ms=2500.0),
        span("t1", "get", "ingest-camara", "GET", 1, parent_id="root", attributes={"http.response.status_code": 200}),
        span("t1", "put", "ingest-camara", "send bills", 2, parent_id="root", duration_ms=3.25),
        span("w1", "batch", "worker", "process bills", 4, links=[{"trace_id": "t1", "span_id": "put"}]),
        span("w1", "tx", "worker", "COMMIT", 4, parent_id="batch", status="ERROR"),
        span("w2", "other", "worker", "process bills", 50, links=[{"trace_id": "elsewhere", "span_id": "x"}]),
    )
    spans = newest_end_to_end([file])
    assert {record.span_id for record in spans} == {"root", "get", "put", "batch", "tx"}
    assert render(spans) == (
        "trace t1  2026-11-23T12:00:01.000Z  5 spans  4000.0 ms\n"
        "  ingest-camara: read window  2500.0 ms\n"
        "    ingest-camara: GET  1000.0 ms  status_code=200\n"
        "    ingest-camara: send bills  3.2 ms\n"
        "      ~ worker: process bills  1000.0 ms\n"
        "        worker: COMMIT  1000.0 ms  ERROR\n"
    )


def test_a_span_whose_parent_is_elsewhere_is_a_root(tmp_path: Path) -> None:
    file = write(
        tmp_path / "all.jsonl",
        span("t1", "a", "ingest-camara", "read", 1, parent_id="not here"),
        span("t1", "b", "worker", "store", 2, parent_id="a"),
    )
    assert render(newest_end_to_end([file])).splitlines()[1:] == [
        "  ingest-camara: read  1000.0 ms",
        "    worker: store  1000.0 ms",
    ]


def test_rotated_files_are_read_and_damaged_lines_left_out(tmp_path: Path) -> None:
    write(tmp_path / "s.jsonl.1", span("t1", "a", "ingest-camara", "read", 1))
    current = write(tmp_path / "s.jsonl", '{"trace_id": "t9', "[]", "7", span("t1", "b", "worker", "store", 2))
    current.write_bytes(current.read_bytes() + b'{"trace_id": "t1", "span')
    assert [record.span_id for record in newest_end_to_end([current])] == ["a", "b"]


def test_without_a_whole_trace_there_is_nothing_and_it_is_said(tmp_path: Path) -> None:
    file = write(tmp_path / "s.jsonl", span("t1", "a", "ingest-camara", "read", 1))
    assert newest_end_to_end([file, tmp_path / "missing.jsonl"]) == []
    assert "no trace" in render([])
