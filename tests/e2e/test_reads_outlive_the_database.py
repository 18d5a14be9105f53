"""PostgreSQL away under real processes: the pod stays in its Service, and a new one does not enter it."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import asyncpg
import httpx2
import pytest
from api_gateway.migrations.migration_runner import upgrade
from api_gateway.store.bills.bill_writer import apply
from e2e.conftest import until
from e2e.kubelet import Kubelet, kubelet
from integration import bills
from integration.web.asking import eventually
from legis_launcher.servers.ports import free_port
from legis_launcher.servers.postgres_server import PostgresServer

PROBES = 6
"""Replies to each probe during an outage: three times the failures after which kubelet acts."""


@pytest.fixture
async def postgres(server_folder: Path) -> AsyncIterator[PostgresServer]:
    """A server of the test's own, which it may stop, with three bills in it."""
    server = PostgresServer()
    server.start(server_folder / f"outlived-{free_port()}", durable=False)
    server.create_database("legis")
    await upgrade(server.url("legis"))
    await store(server, 1, 2, 3)
    yield server
    server.stop("immediate")


async def store(server: PostgresServer, *numbers: int) -> None:
    async with asyncpg.create_pool(server.url("legis"), min_size=0, max_size=1) as pool:
        await apply(pool, [bills.observed(bills.make_bill(number)) for number in numbers], confirm_seconds=0)


@asynccontextmanager
async def process(module: str, **environment: str) -> AsyncIterator[None]:
    """A process of ours, killed at the end."""
    settings = {**os.environ, "LOG_LEVEL": "ERROR", **environment}
    running = await asyncio.create_subprocess_exec(sys.executable, "-m", module, env=settings)
    try:
        yield
        assert running.returncode is None, f"{module} ended"
    finally:
        if running.returncode is None:
            running.kill()
        await running.wait()


@asynccontextmanager
async def web_pod(**environment: str) -> AsyncIterator[tuple[Kubelet, httpx2.AsyncClient]]:
    """A web process that a kubelet watches, and a client of it."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    async with (
        process("api_gateway.web", PORT=str(port), **environment),
        kubelet(url) as watching,
        httpx2.AsyncClient(base_url=url, timeout=30, trust_env=False) as client,
    ):
        yield watching, client


async def probed(*watching: Kubelet) -> None:
    """Waits until every probe that these pods are asked now was answered often enough for kubelet to act.

    Answered, not asked: a process that does not listen yet would be asked as often, however long its start takes.
    """
    probes = [probe for pod in watching for probe in ((pod.readiness, pod.liveness) if pod.started else (pod.startup,))]
    before = [probe.answered for probe in probes]
    await until(
        lambda: all(p.answered >= b + PROBES for p, b in zip(probes, before, strict=True)), "probes were answered"
    )


def freeze(server: PostgresServer) -> None:
    _signal(server, signal.SIGSTOP)


def thaw(server: PostgresServer) -> None:
    _signal(server, signal.SIGCONT)


def _signal(server: PostgresServer, number: signal.Signals) -> None:
    assert server.child.pid is not None
    os.killpg(server.child.pid, number)
    for child in Path(f"/proc/{server.child.pid}/task/{server.child.pid}/children").read_text().split():
        with contextlib.suppress(ProcessLookupError):  # a server process may end between the list and its signal
            os.kill(int(child), number)


def stop(server: PostgresServer) -> None:
    server.stop("immediate")


def restart(server: PostgresServer) -> None:
    server.restart()


@pytest.mark.parametrize(("leave", "come_back"), [(stop, restart), (freeze, thaw)], ids=["stopped", "frozen"])
async def test_a_started_pod_stays_ready_and_a_new_one_does_not_start(
    postgres: PostgresServer, redis_url: str, tmp_path: Path, leave: Any, come_back: Any
) -> None:
    there = {"DATABASE_URL": postgres.url("legis"), "REDIS_URL": redis_url, "INDEX_FOLDER": str(tmp_path)}
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(process("api_gateway.indexer", INDEXER_PORT=str(free_port()), **there))
        pod, client = await stack.enter_async_context(web_pod(**there))
        await until(lambda: pod.ready, "the pod is ready")
        assert (await client.get("/api/v1/bills/camara-1")).status_code == 200
        leave(postgres)
        try:
            new, new_client = await stack.enter_async_context(web_pod(**there))
            await probed(pod, new)
            assert len((await client.get("/api/v1/bills")).json()["data"]) == 3
            kept = await client.get("/api/v1/bills/camara-1")
            assert (kept.status_code, kept.json()["data"]["id"]) == (200, "camara-1")
            assert (pod.ready, pod.removals, pod.restarts) == (True, 0, 0)
            health = (await client.get("/api/health")).json()
            assert (health["status"], health["checks"]["database"]["status"]) == ("degraded", "failing")
            assert (await client.get("/api/v1/bills/camara-2")).status_code == 503, "the database is really away"
            assert (new.started, new.ready) == (False, False)
            assert (await new_client.get("/api/health/ready")).status_code == 503
        finally:
            come_back(postgres)
        await until(lambda: new.ready, "the new pod is ready too")
        await store(postgres, 4)
        for one in (client, new_client):
            ask = partial(one.get, "/api/v1/bills?min_seq=4")
            listed = await eventually(ask, lambda reply: reply.status_code == 200)
            assert len(listed.json()["data"]) == 4
        assert (pod.ready, pod.removals, pod.restarts, new.removals) == (True, 0, 0, 0)
