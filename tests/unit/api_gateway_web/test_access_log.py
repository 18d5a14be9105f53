"""The access log: a sample without clients, or one entry for each request with what tells who was there."""

import io
import json
import logging
import sys
from collections.abc import Callable
from typing import Any

import pytest
import structlog
from api_gateway.web.pipeline.access_log import AccessLog
from api_gateway.web.pipeline.client_address import TrustedProxies
from api_gateway.web.pipeline.request_context import RequestContextLayer
from api_gateway.web.pipeline.request_metrics import RequestStats
from api_gateway.web.pipeline.route_policy import RouteTable
from legis.telemetry import logs
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient

Ask = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch) -> Any:
    """`ask(full, times, path, problem)`: asks through the layer, and gives the entries; puts what the reply says into
    `problem`.
    """
    output = io.StringIO()
    monkeypatch.setattr(sys, "stdout", output)
    root = logging.getLogger()
    handlers, level, before = list(root.handlers), root.level, structlog.get_config()
    logs.configure("web", "INFO")

    def asked(
        full: bool, times: int, path: str = "/.env?a=%C3%A7", problem: dict[str, Any] | None = None
    ) -> list[dict[str, Any]]:
        layer = RequestContextLayer(
            PlainTextResponse("twelve bytes"),
            routes=RouteTable([]),
            proxies=TrustedProxies("10.0.0.0/8"),
            stats=RequestStats(),
            proxy_cache=False,
            access_log=AccessLog(full=full),
        )
        client = TestClient(layer, client=("10.0.0.9", 1))
        headers = {"X-Forwarded-For": "203.0.113.7", "User-Agent": "scanner/1", "X-Request-ID": "mine-1"}
        for _ in range(times):
            reply = client.get(path, headers=headers)
            if problem is not None:
                problem |= reply.json()
        found = [json.loads(line) for line in output.getvalue().splitlines()]
        return [one for one in found if one["event"] == "request"]

    yield asked
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.configure(**before)


def test_the_full_log_says_who_was_there(ask: Ask) -> None:
    entries = ask(True, 3)
    assert len(entries) == 3
    wanted = {
        "client": "203.0.113.7",
        "method": "GET",
        "path": "/.env",
        "query": "a=%C3%A7",
        "bytes": 12,
        "status": 200,
    }
    assert len({one["trace_id"] for one in entries}) == 3, "a request that is not traced has an id of its own"
    assert all(len(one["trace_id"]) == 32 for one in entries)
    assert (wanted | {"user_agent": "scanner/1", "request_id": "mine-1"}).items() <= entries[0].items()


def test_the_sampled_log_names_nobody(ask: Ask) -> None:
    entries = ask(False, 900)
    assert 0 < len(entries) < 100
    assert not {"client", "path", "query", "user_agent"} & set(entries[0])


def test_a_refusal_tells_the_trace_id_of_its_line(ask: Ask) -> None:
    reply: dict[str, Any] = {}
    (entry,) = ask(True, 1, "/a?b=" + "c" * 9000, reply)
    assert (reply["status"], reply["trace_id"]) == (414, entry["trace_id"])


@pytest.mark.parametrize("page", ["/c/", "/m/", "/u/"])
def test_no_log_has_a_token_of_an_e_mail(ask: Ask, page: str) -> None:
    (entry,) = ask(True, 1, f"{page}0123456789abcdefghij.0.AAAAAAAAAAAAAAAAAAAAAA%0A2")
    assert entry["path"] == f"{page}…"
