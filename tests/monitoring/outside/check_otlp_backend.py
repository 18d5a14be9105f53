"""A real OTLP backend receives the spans of a request: with its trace id, its parent, and what it spent its time on."""

import base64
import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from e2e.conftest import running
from legis_launcher.processes.child_process import Child
from legis_launcher.servers.ports import answers, free_port
from monitoring.files import ROOT

AGENT = ROOT / "build" / "otlp-venv" / "bin" / "ddapm-test-agent"
TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


@pytest.fixture
def backend(tmp_path: Path) -> Iterator[str]:
    """Address of the OTLP backend."""
    assert AGENT.exists(), "make build/otlp-venv/.installed"
    own, otlp, grpc = free_port(), free_port(), free_port()
    command = [str(AGENT), "--port", str(own), "--otlp-http-port", str(otlp), "--otlp-grpc-port", str(grpc)]
    agent = Child("otlp", command, tmp_path / "agent.log")
    agent.start()
    while not answers(otlp):
        assert agent.alive, agent.log_tail()
    yield f"http://127.0.0.1:{otlp}"
    agent.stop(5)


@pytest.mark.timeout(180)
def test_a_request_is_found_at_the_backend_under_the_id_it_came_with(backend: str) -> None:
    with running({"LEGIS_SAMPLE_BILLS": "100", "OTEL_EXPORTER_OTLP_ENDPOINT": backend}) as legis:
        legis.until(lambda: legis.get("/api/v1/bills?limit=1").json()["data"], 60, "bills")
        request = urllib.request.Request(
            f"{legis.base_url}/api/v1/bills?limit=7", headers={"traceparent": f"00-{TRACE}-{PARENT}-01"}
        )
        with urllib.request.urlopen(request, timeout=10) as reply:
            assert reply.headers["traceparent"].split("-")[1] == TRACE
        legis.until(lambda: TRACE in {one["trace"] for one in spans(backend)}, 30, "its spans at the backend")
        mine = {one["name"]: one for one in spans(backend) if one["trace"] == TRACE}
        assert mine["GET /api/v1/bills"]["parent"] == PARENT
        assert mine["GET /api/v1/bills"]["service"] == "web"
        services = {"web", "worker", "ingest-camara"}
        legis.until(lambda: services <= {one["service"] for one in spans(backend)}, 30, "spans of every process")
        legis.until(lambda: carried(spans(backend)), 30, "one trace from a chamber's answer to the database")


def carried(found: list[dict[str, str]]) -> bool:
    """Whether a trace has spans of a process that reads and of the one that stores."""
    by_trace: dict[str, set[str]] = {}
    for one in found:
        by_trace.setdefault(one["trace"], set()).add(one["service"])
    return any({"worker"} < services for services in by_trace.values())


def spans(backend: str) -> list[dict[str, str]]:
    """Every span that the backend has: name, service, and ids in hexadecimal."""
    with urllib.request.urlopen(f"{backend}/test/session/traces", timeout=10) as reply:
        told: Any = json.load(reply)
    return [
        {
            "name": span["name"],
            "trace": _hexadecimal(span["trace_id"]),
            "parent": _hexadecimal(span.get("parent_span_id", "")),
            "service": _attribute(resource["resource"], "service.name"),
        }
        for request in told
        for resource in request["resource_spans"]
        for scope in resource["scope_spans"]
        for span in scope["spans"]
    ]


def _hexadecimal(text: str) -> str:
    return base64.b64decode(text).hex()


def _attribute(resource: dict[str, Any], name: str) -> str:
    return next(one["value"]["string_value"] for one in resource["attributes"] if one["key"] == name)
