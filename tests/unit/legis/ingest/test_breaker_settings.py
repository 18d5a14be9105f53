"""The circuit's rules by environment, and on the ingest service's own port while it runs."""

from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from legis.domain.vocabulary import Source
from legis.errors import ConfigurationError
from legis.ingest.breaker_routes import add_breaker_routes
from legis.ingest.settings import IngestSettings
from legis.service.problems import install_error_handlers
from legis.upstream import BreakerPolicy, UpstreamClient, UpstreamPolicy


def client() -> UpstreamClient:
    return UpstreamClient(
        UpstreamPolicy(
            source=Source.CAMARA,
            user_agent="test",
            requests_per_second=1,
            max_in_flight=1,
            total_timeout=1,
            max_body_bytes=1,
        )
    )


def test_every_rule_has_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"WINDOW_CALLS": 50, "MINIMUM_CALLS": 40, "FAILURE_RATE": 0.9, "CONSECUTIVE_FAILURES": 3}
    given |= {"OPEN_SECONDS": 0.2, "MAX_OPEN_SECONDS": 0.4, "PROBES": 2}
    for name, value in given.items():
        monkeypatch.setenv(f"BREAKER_{name}", str(value))
    policy = IngestSettings.from_environment().breaker
    assert {name: getattr(policy, name.lower()) for name in given} == given


def test_the_defaults_are_the_policys_own() -> None:
    assert IngestSettings().breaker == BreakerPolicy()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BREAKER_OPEN_SECONDS", "0"),
        ("BREAKER_MAX_OPEN_SECONDS", "29"),
        ("BREAKER_MINIMUM_CALLS", "21"),
        ("BREAKER_FAILURE_RATE", "1.1"),
        ("BREAKER_PROBES", "0"),
    ],
)
def test_rules_that_cannot_hold_are_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError, match=name):
        IngestSettings.from_environment()


async def ask(upstream: UpstreamClient, method: str, body: Any = None) -> httpx2.Response:
    app = FastAPI()
    install_error_handlers(app)
    add_breaker_routes(app, lambda: upstream)
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://test") as http:
        return await http.request(method, "/internal/breaker", json=body)


async def test_rules_change_while_it_runs_and_what_is_left_out_stays() -> None:
    upstream = client()
    shown = (await ask(upstream, "GET")).json()
    assert shown["policy"]["open_seconds"] == 30
    assert shown["circuit"]["state"] == "closed"
    changed = await ask(upstream, "PATCH", {"open_seconds": 2, "probes": 3})
    assert changed.status_code == 200
    assert upstream.breaker_policy == BreakerPolicy(open_seconds=2, probes=3)
    assert (await ask(upstream, "GET")).json() == changed.json()


@pytest.mark.parametrize(
    "body",
    [
        {"open_seconds": 400},
        {"open_seconds": -1},
        {"failure_rate": 2},
        {"minimum_calls": 21},
        {"probes": 0},
        {"no_such_rule": 1},
        {"probes": "many"},
        [],
    ],
)
async def test_wrong_rules_change_nothing(body: Any) -> None:
    upstream = client()
    reply = await ask(upstream, "PATCH", body)
    assert reply.status_code == 400
    assert reply.headers["content-type"] == "application/problem+json"
    assert upstream.breaker_policy == BreakerPolicy()
