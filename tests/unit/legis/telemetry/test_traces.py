"""Trace context in and out of text, suppression, and what a configured process writes."""

import asyncio
import fcntl
import json
import os
import subprocess
import sys
import textwrap
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from legis.telemetry import traces
from legis.telemetry.span_file import SpanFileExporter
from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor, SpanExportResult
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.sdk.trace.sampling import ALWAYS_ON, ParentBased, TraceIdRatioBased

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def provider(ratio: float = 1.0) -> tuple[TracerProvider, InMemorySpanExporter]:
    spans = InMemorySpanExporter()
    made = TracerProvider(
        sampler=traces._Suppressible(ParentBased(TraceIdRatioBased(ratio))),
        resource=Resource({"service.name": "worker"}),
        shutdown_on_exit=False,
    )
    made.add_span_processor(SimpleSpanProcessor(spans))
    return made, spans


def test_outside_any_span_there_is_nothing_to_carry() -> None:
    assert traces.current_traceparent() is None
    assert traces.current_trace_id() is None


@pytest.mark.parametrize("ratio", [0.0, 1.0])
def test_a_span_is_carried_whether_sampled_or_not(ratio: float) -> None:
    made, _ = provider(ratio)
    with made.get_tracer("t").start_as_current_span("s") as span:
        carried = traces.current_traceparent()
        assert carried is not None
        assert carried.split("-")[1] == traces.current_trace_id() == f"{span.get_span_context().trace_id:032x}"
        assert int(carried.split("-")[3], 16) & 1 == int(ratio)


@pytest.mark.parametrize(("ratio", "chosen"), [(0.0, True), (1.0, False), (1.0, None), (0.0, None)])
def test_a_choice_made_before_is_the_samplers(ratio: float, chosen: bool | None) -> None:
    made, spans = provider(ratio)
    tracer = made.get_tracer("t")
    with tracer.start_as_current_span("root", context=traces.decided(chosen)), tracer.start_as_current_span("child"):
        pass
    expected = bool(ratio) if chosen is None else chosen
    assert [span.name for span in spans.get_finished_spans()] == (["child", "root"] if expected else [])


def test_the_receiver_is_a_child_of_the_sender() -> None:
    made, spans = provider()
    with made.get_tracer("t").start_as_current_span("child", context=traces.remote_context(PARENT)):
        assert (traces.current_traceparent() or "").startswith("00-0af7651916cd43dd8448eb211c80319c-")
    (child,) = spans.get_finished_spans()
    assert child.parent is not None
    assert child.parent.span_id == 0xB7AD6B7169203331


@pytest.mark.parametrize("bad", [None, "", "nonsense", "00-" + "0" * 32 + "-b7ad6b7169203331-01"])
def test_no_or_malformed_context_begins_a_new_trace(bad: str | None) -> None:
    made, spans = provider()
    with (
        made.get_tracer("t").start_as_current_span("outer"),
        made.get_tracer("t").start_as_current_span("fresh", context=traces.remote_context(bad)),
    ):
        pass
    assert spans.get_finished_spans()[0].parent is None
    assert traces.link_from(bad) is None


def test_a_link_points_at_the_sender() -> None:
    link = traces.link_from(PARENT)
    assert link is not None
    assert trace.format_span_id(link.context.span_id) == "b7ad6b7169203331"
    flags = traces.link_from(PARENT[:-2] + "03")
    assert flags is not None
    assert flags.context.trace_flags.sampled


def test_nothing_is_recorded_where_it_is_suppressed() -> None:
    made, spans = provider()
    tracer = made.get_tracer("t")
    with traces.suppressed(), tracer.start_as_current_span("poll"), tracer.start_as_current_span("inner"):
        pass
    with tracer.start_as_current_span("work"):
        pass
    assert [span.name for span in spans.get_finished_spans()] == ["work"]


# --- the file -----------------------------------------------------------------------------------------------------


def finished(count: int) -> list[ReadableSpan]:
    made, spans = provider()
    tracer = made.get_tracer("t")
    for number in range(count):
        link = traces.link_from(PARENT)
        with tracer.start_as_current_span(f"span {number}", links=[link] if link else [], attributes={"k": ["a", "b"]}):
            pass
    return list(spans.get_finished_spans())


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_a_finished_span_is_one_json_line(tmp_path: Path) -> None:
    path = tmp_path / "spans.jsonl"
    (span,) = finished(1)
    assert SpanFileExporter(str(path)).export([span]) is SpanExportResult.SUCCESS
    (document,) = read(path)
    assert set(document) == {
        *("trace_id", "span_id", "parent_id", "name", "kind", "service"),
        *("start", "duration_ms", "status", "attributes", "links"),
    }
    assert (document["name"], document["kind"], document["service"]) == ("span 0", "INTERNAL", "worker")
    assert (document["status"], document["parent_id"]) == ("UNSET", None)
    assert document["attributes"] == {"k": ["a", "b"]}
    assert document["links"] == [{"trace_id": "0af7651916cd43dd8448eb211c80319c", "span_id": "b7ad6b7169203331"}]
    assert len(document["start"]) == len("2026-11-23T12:00:00.123456Z")
    assert document["start"].endswith("Z")
    assert document["duration_ms"] >= 0


def test_the_file_is_bounded_and_keeps_the_newest(tmp_path: Path) -> None:
    path = tmp_path / "spans.jsonl"
    exporter = SpanFileExporter(str(path), rotate_bytes=4000)
    for span in finished(40):
        exporter.export([span])
    assert path.stat().st_size <= 4000
    assert Path(f"{path}.1").stat().st_size <= 4000
    assert sorted(file.name for file in tmp_path.iterdir()) == ["spans.jsonl", "spans.jsonl.1"]
    names = [document["name"] for document in (*read(Path(f"{path}.1")), *read(path))]
    assert names == [f"span {number}" for number in range(40)][-len(names) :]


def test_writers_that_share_a_file_lose_and_mix_nothing(tmp_path: Path) -> None:
    path = tmp_path / "spans.jsonl"
    spans = finished(30)

    def write() -> None:
        exporter = SpanFileExporter(str(path), rotate_bytes=40_000)  # rotates about once
        for span in spans:
            exporter.export([span])

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    old = read(Path(f"{path}.1")) if Path(f"{path}.1").exists() else []
    assert len(old) + len(read(path)) == 120


def test_a_writer_that_waited_out_a_rotation_writes_to_the_new_file(tmp_path: Path) -> None:
    path = tmp_path / "spans.jsonl"
    path.write_text("")
    with path.open("a") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        writer = threading.Thread(target=SpanFileExporter(str(path)).export, args=(finished(1),))
        writer.start()
        writer.join(0.1)
        assert writer.is_alive()
        path.rename(f"{path}.1")
    writer.join(10)
    assert Path(f"{path}.1").read_text() == ""
    assert len(read(path)) == 1


def test_a_disk_that_refuses_loses_spans_and_nothing_else(tmp_path: Path) -> None:
    assert SpanFileExporter(str(tmp_path / "no" / "such" / "folder")).export(finished(1)) is SpanExportResult.FAILURE


# --- a whole process ----------------------------------------------------------------------------------------------

PROCESS = """
    import asyncio, sys, time
    from legis.telemetry import traces
    from legis.telemetry.logs import configure

    async def main():
        endpoint, file = sys.argv[1] or None, sys.argv[2] or None
        made = traces.configure("ingest-camara", endpoint=endpoint, ratio=1.0, file=file)
        assert traces.configure("other", endpoint=None, ratio=0.0, file=None) is made
        with traces.tracer("t").start_as_current_span("one"):
            pass
        with traces.suppressed(), traces.tracer("t").start_as_current_span("none"):
            pass
        began = time.monotonic()
        ticks = 0
        async def tick():
            nonlocal ticks
            while True:
                ticks += 1
                await asyncio.sleep(0.05)
        ticking = asyncio.create_task(tick())
        await made.shutdown()
        ticking.cancel()
        took = time.monotonic() - began
        assert took < 6, took
        assert ticks >= took / 0.2, (ticks, took)

    asyncio.run(main())
"""


def run(endpoint: str, file: str) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", textwrap.dedent(PROCESS), endpoint, file],
        env={**os.environ, "TZ": "America/Sao_Paulo"},
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr


class Collector(BaseHTTPRequestHandler):
    """Keeps the paths that were posted to."""

    paths: list[str]

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.paths.append(self.path)  # type: ignore[attr-defined]
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None: ...


async def test_a_process_sends_and_writes_its_spans_at_the_latest_when_it_ends(tmp_path: Path) -> None:
    with HTTPServer(("127.0.0.1", 0), Collector) as server:
        server.paths = []  # type: ignore[attr-defined]
        serving = asyncio.create_task(asyncio.to_thread(server.serve_forever, 0.05))
        file = tmp_path / "spans.jsonl"
        await asyncio.to_thread(run, f"http://127.0.0.1:{server.server_port}/", str(file))
        server.shutdown()
        await serving
    assert server.paths == ["/v1/traces"]  # type: ignore[attr-defined]
    assert [(document["name"], document["service"]) for document in read(file)] == [("one", "ingest-camara")]


async def test_a_collector_that_is_away_does_not_hold_up_the_end(closed_port: int, tmp_path: Path) -> None:
    file = tmp_path / "spans.jsonl"
    await asyncio.to_thread(run, f"http://127.0.0.1:{closed_port}", str(file))
    assert len(read(file)) == 1


def test_the_sampler_describes_itself() -> None:
    assert "Suppressible" in traces._Suppressible(ALWAYS_ON).get_description()
