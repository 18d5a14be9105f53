"""How many requests of one client the public API lets through."""

from typing import Any

import httpx2
import pytest
from integration.indexing import until

Client = httpx2.AsyncClient


async def test_rate_limits_are_told_and_kept_and_probes_exempt(serve: Any) -> None:
    async with serve(rate_limit_per_minute=5, rate_limit_burst=4) as client:  # a unit comes back after 12 s
        gate = client.app.state.resources.gate
        for address in ("203.0.113.50", "203.0.113.51", "203.0.113.52"):  # clients that no other test counts
            await until(lambda: gate.open, "Redis answers")
            replies = [await client.get("/api/v1/sources", headers={"X-Forwarded-For": address}) for _ in range(7)]
            if gate.open:  # else Redis was too slow on a busy machine, and the counting began again in memory
                break
        assert [r.status_code for r in replies].count(429) == 2
        assert replies[0].headers["ratelimit-policy"] == '"default";q=5;w=60'
        left = [int(r.headers["ratelimit"].split("r=")[1].split(";")[0]) for r in replies]
        assert left == [4, 3, 2, 1, 0, 0, 0]
        refused = replies[-1]
        assert refused.json()["title"] == "Too many requests"
        assert 1 <= int(refused.headers["retry-after"]) <= 60
        assert refused.headers["access-control-allow-origin"] == "*"
        for path in ("/api/health", "/api/health/live", "/api/metrics", "/metrics"):
            reply = await client.get(path)
            assert reply.status_code in (200, 503)
            assert "ratelimit" not in reply.headers


@pytest.mark.parametrize(
    ("path", "units"),
    [
        ("/api/v1/bills?q=lei", 2),
        ("/api/v1/bills?q=lei&min_seq=0", 2),
        ("/api/v1/bills?facets=type&min_seq=0", 3),
        ("/api/v1/bills?facets=type&format=csv", 3),
        ("/api/v1/changes?wait=0", 1),
    ],
)
async def test_who_is_ready_to_wait_pays_the_same(serve: Any, path: str, units: int) -> None:
    async with serve(rate_limit_per_minute=1, rate_limit_burst=500) as client:
        allowed = (await client.get("/api/v1/sources", headers={"X-Forwarded-For": f"198.51.100.{len(path)}"})).headers
        before = int(allowed["ratelimit"].split("r=")[1].split(";")[0])
        reply = await client.get(path, headers={"X-Forwarded-For": f"198.51.100.{len(path)}"})
        assert reply.status_code == 200
        assert before - int(reply.headers["ratelimit"].split("r=")[1].split(";")[0]) == units


async def test_of_several_lines_with_addresses_the_last_is_the_proxys(serve: Any) -> None:
    async with serve(rate_limit_per_minute=1, rate_limit_burst=500, forwarded_allow_ips="127.0.0.1") as client:
        left = []
        for claimed in ("192.0.2.101", "192.0.2.102", "192.0.2.103"):
            lines = [("X-Forwarded-For", claimed), ("X-Forwarded-For", "203.0.113.90")]
            reply = await client.get("/api/v1/sources", headers=lines)
            left.append(int(reply.headers["ratelimit"].split("r=")[1].split(";")[0]))
        assert left == [500, 499, 498]


async def test_a_forwarded_address_counts_only_from_a_trusted_proxy(serve: Any) -> None:
    async def left(client: Client, address: str) -> int:
        reply = await client.get("/api/v1/sources", headers={"X-Forwarded-For": address})
        return int(reply.headers["ratelimit"].split("r=")[1].split(";")[0])

    async with serve(rate_limit_per_minute=1, rate_limit_burst=500, forwarded_allow_ips="127.0.0.1") as trusting:
        assert await left(trusting, "203.0.113.7") == 500
        assert await left(trusting, "203.0.113.8, 127.0.0.1") == 500
    async with serve(rate_limit_per_minute=1, rate_limit_burst=500, forwarded_allow_ips="10.0.0.1") as wary:
        assert min([await left(wary, f"203.0.113.{last}") for last in (9, 10, 11)]) < 500  # all count as one
