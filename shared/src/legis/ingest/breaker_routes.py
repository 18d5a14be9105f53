"""`/internal/breaker` on an ingest service's port: shows and changes the circuit breaker's rules without a restart."""

from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

from fastapi import FastAPI, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse, Response

from legis.service.problems import problem
from legis.upstream import BreakerPolicy, UpstreamClient

PATH = "/internal/breaker"
_NO_STORE = {"Cache-Control": "no-store"}


class BreakerChange(BaseModel):
    """Rules to change; absent rules stay. A change lasts until the process ends; settings are permanent."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    window_calls: int | None = Field(None, ge=1, le=10_000)
    minimum_calls: int | None = Field(None, ge=1, le=10_000)
    failure_rate: float | None = Field(None, gt=0, le=1)
    consecutive_failures: int | None = Field(None, ge=1, le=10_000)
    open_seconds: float | None = Field(None, gt=0, le=86_400)
    max_open_seconds: float | None = Field(None, gt=0, le=86_400)
    jitter: float | None = Field(None, ge=0, lt=1)
    probes: int | None = Field(None, ge=1, le=100)
    successes_to_close: int | None = Field(None, ge=1, le=100)

    def applied_to(self, policy: BreakerPolicy) -> BreakerPolicy:
        """The policy with these changes. Raises ValueError when the result is inconsistent."""
        return replace(policy, **self.model_dump(exclude_none=True))


def add_breaker_routes(app: FastAPI, upstream: Callable[[], UpstreamClient]) -> None:
    """Adds GET, which shows rules and state, and PATCH, which changes rules. `upstream` returns the client of the
    running service.
    """

    async def show() -> Response:
        return _shown(upstream())

    async def change(change: BreakerChange, request: Request) -> Response:
        client = upstream()
        try:
            policy = change.applied_to(client.breaker_policy)
        except ValueError as error:
            return problem(400, "Bad Request", str(error), instance=request.url.path)
        client.adopt(policy)
        return _shown(client)

    app.add_api_route(PATH, show, methods=["GET"], include_in_schema=False)
    app.add_api_route(PATH, change, methods=["PATCH", "PUT"], include_in_schema=False)


def _shown(client: UpstreamClient) -> JSONResponse:
    state: dict[str, Any] = client.snapshot().breaker.model_dump(mode="json")
    document = {"source": client.policy.source.value, "policy": asdict(client.breaker_policy), "circuit": state}
    return JSONResponse(document, headers=_NO_STORE)
