"""Several ingest processes of one chamber: one reads, and another takes over when it dies or stands still."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import orjson
import pytest
from aiohttp import web
from e2e.conftest import until
from legis.streams.connection import connect
from legis.streams.names import service_state_key
from legis_launcher.servers.ports import free_port

LEASE = 2.0
SLACK = 6.0
"""Seconds that a busy machine may take to notice and to ask, beyond the lease."""


@dataclass(slots=True)
class Road:
    """The way to the simulated chamber, which notes who asks: names in order, and when each asked last."""

    chamber: str
    base: str = ""
    asked: list[str] = field(default_factory=list)
    first: dict[str, float] = field(default_factory=dict)
    last: dict[str, float] = field(default_factory=dict)

    async def pass_on(self, request: web.Request) -> web.StreamResponse:
        name = request.headers["User-Agent"].split()[0]
        self.asked.append(name)
        self.first.setdefault(name, time.monotonic())
        self.last[name] = time.monotonic()
        async with request.app[SESSION].get(self.chamber + str(request.rel_url)) as reply:
            return web.Response(status=reply.status, body=await reply.read(), content_type=reply.content_type)

    def count(self, name: str) -> int:
        return self.asked.count(name)


SESSION = web.AppKey("session", aiohttp.ClientSession)


@asynccontextmanager
async def road_to(chamber: str) -> AsyncIterator[Road]:
    road = Road(chamber)
    app = web.Application()
    app.router.add_get("/{tail:.*}", road.pass_on)
    async with aiohttp.ClientSession() as app[SESSION]:
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        road.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
        try:
            yield road
        finally:
            await runner.cleanup()


@dataclass(slots=True)
class Reader:
    """One ingest process; its name is what it calls itself at the chamber."""

    name: str
    port: int
    process: asyncio.subprocess.Process

    async def told(self) -> Any:
        """What it says of the lease, as soon as it listens and knows of a reader."""
        async with aiohttp.ClientSession() as session, asyncio.timeout(60):
            while True:
                try:
                    async with session.get(f"http://127.0.0.1:{self.port}/internal/reader") as reply:
                        if (told := await reply.json())["reader"]:
                            return told
                except aiohttp.ClientConnectorError:
                    pass
                await asyncio.sleep(0.1)


@asynccontextmanager
async def process(module: str, **environment: str) -> AsyncIterator[asyncio.subprocess.Process]:
    settings = {**os.environ, "LOG_LEVEL": "ERROR", **environment}
    running = await asyncio.create_subprocess_exec(sys.executable, "-m", module, env=settings)
    try:
        yield running
    finally:
        if running.returncode is None:
            running.kill()
        await running.wait()


@pytest.mark.timeout(900)
async def test_one_reads_and_the_next_takes_over(database_url: str, redis_url: str, simulator: Any) -> None:
    async with AsyncExitStack() as stack:
        road = await stack.enter_async_context(road_to(simulator(bills=100, fresh=True).url))
        common = {"DATABASE_URL": database_url, "REDIS_URL": redis_url, "WORKER_PORT": str(free_port())}
        await stack.enter_async_context(process("api_gateway.worker", **common))
        redis = connect(redis_url, client_name="test")
        stack.push_async_callback(redis.aclose)

        async def reader(name: str) -> Reader:
            port = free_port()
            its = {
                "CAMARA_BASE_URL": f"{road.base}/camara/api/v2",
                "CAMARA_FILES_URL": f"{road.base}/camara/arquivos",
                "CAMARA_PORT": str(port),
                "USER_AGENT": name,
                "POLL_INTERVAL_SECONDS": "0.2",
                "CAMARA_REQUESTS_PER_SECOND": "50",
                "READER_LEASE_SECONDS": str(LEASE),
            }
            return Reader(name, port, await stack.enter_async_context(process("ingest_camara", **common, **its)))

        async def goes_on(name: str) -> None:
            before = road.count(name)
            await until(lambda: road.count(name) >= before + 5, f"{name} goes on reading")

        first = await reader("first")
        await goes_on("first")
        second = await reader("second")
        standing_by = await second.told()
        await goes_on("first")
        await asyncio.sleep(2 * LEASE)  # nothing is to happen in this time
        assert set(road.asked) == {"first"}
        told = await first.told()
        assert told == {"reads": True, "this_process": told["reader"], "reader": told["reader"]}
        assert (standing_by["reads"], standing_by["reader"]) == (False, told["reader"])
        assert orjson.loads(await redis.get(service_state_key("ingest-camara")))["reader"] == told["reader"]

        first.process.kill()
        died = time.monotonic()
        await until(lambda: road.count("second") > 0, "the second takes over")
        assert road.last["first"] <= died + 0.1
        assert road.first["second"] - died <= LEASE + SLACK
        await goes_on("second")

        third = await reader("third")
        assert not (await third.told())["reads"]
        second.process.send_signal(signal.SIGSTOP)
        stood_still = time.monotonic()
        await until(lambda: road.count("third") > 0, "the third takes over")
        assert road.first["third"] - stood_still <= LEASE + SLACK
        asked = road.count("second")
        second.process.send_signal(signal.SIGCONT)
        await goes_on("third")
        await asyncio.sleep(LEASE)  # nothing is to happen in this time
        assert road.count("second") == asked, "who was suspended asks nothing more"
        assert (await second.told())["reader"] == (await third.told())["this_process"]

        third.process.terminate()
        assert await asyncio.wait_for(third.process.wait(), 60) == 0
        released = time.monotonic()
        await until(lambda: road.count("second") > asked, "the second has the lease again")
        assert time.monotonic() - released < LEASE + SLACK
        print(
            f"taken over {road.first['second'] - died:.1f} s after kill -9,"
            f" {road.first['third'] - stood_still:.1f} s after SIGSTOP"
        )
