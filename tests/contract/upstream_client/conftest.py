"""A server that misbehaves on purpose, beside clients that ask it."""

import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from aiohttp import web
from contract.upstream_client.double import MakeClient, Upstream
from legis.domain.vocabulary import Source
from legis.upstream import UpstreamClient, UpstreamPolicy


@pytest.fixture
async def upstream() -> AsyncIterator[Upstream]:
    server = Upstream()
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", server.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield server
    await runner.cleanup()


@pytest.fixture
async def make_client() -> AsyncIterator[MakeClient]:
    made: list[UpstreamClient] = []

    def make(*, block_clock: Callable[[], float] = time.monotonic, **changes: Any) -> UpstreamClient:
        policy: dict[str, Any] = {
            "source": Source.CAMARA,
            "user_agent": "legis-test/1",
            "requests_per_second": 500,
            "max_in_flight": 8,
            "total_timeout": 5.0,
            "max_body_bytes": 1024 * 1024,
            "retry_base_seconds": 0.001,
            "blocked_pause_seconds": 60.0,
            "redirect_hosts": frozenset({"127.0.0.1"}),
            **changes,
        }
        made.append(UpstreamClient(UpstreamPolicy(**policy), block_clock=block_clock))
        return made[-1]

    yield make
    for client in made:
        await client.close()
