"""A connection to Redis that breaks is a connection error, on the event loop that services run on."""

import asyncio
import contextlib
import socket
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvloop
from api_gateway.web.background.redis_fail_fast import RedisAway, RedisFailFast
from legis.streams.connection import connect
from redis.asyncio import BlockingConnectionPool
from redis.exceptions import RedisError


class Peer:
    """Answers OK to every command, until it resets all its connections."""

    def __init__(self) -> None:
        self.port = 0
        self._writers: list[asyncio.StreamWriter] = []

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.append(writer)
        try:
            while data := await reader.read(65_536):
                writer.write(b"+OK\r\n" * (data.startswith(b"*") + data.count(b"\r\n*")))
        except OSError:
            return
        finally:
            writer.close()

    def reset(self) -> None:
        for writer in self._writers:
            linger = struct.pack("ii", 1, 0)
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            writer.transport.abort()


@asynccontextmanager
async def running() -> AsyncIterator[tuple[Peer, str]]:
    peer = Peer()
    server = await asyncio.start_server(peer.accept, "127.0.0.1", 0)
    async with server:
        yield peer, f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}/0?protocol=2"


async def write_after_reset(pool: BlockingConnectionPool, peer: Peer) -> None:
    """Writes to a connection that was reset after it was opened, as it happens between two turns of the loop."""
    connection = pool.make_connection()
    await connection.connect()
    peer.reset()
    await asyncio.sleep(0.05)
    await connection.send_packed_command(b"*1\r\n$4\r\nPING\r\n", check_health=False)


def test_a_write_to_a_reset_connection_is_an_error_of_redis() -> None:
    async def act() -> None:
        async with running() as (peer, url):
            client = connect(url, client_name="test")
            try:
                with pytest.raises((RedisError, OSError)):
                    await write_after_reset(client.connection_pool, peer)
            finally:
                await client.aclose()

    uvloop.run(act())


def test_a_request_goes_on_without_a_redis_that_resets() -> None:
    async def act() -> None:
        async with running() as (peer, url):
            gate = RedisFailFast(url)
            try:
                with pytest.raises(RedisAway):
                    await gate.call(lambda: write_after_reset(gate.pool, peer))
                assert not gate.open
            finally:
                await gate.close()

    uvloop.run(act())


async def _ends_when_cancelled(url: str, turns: int) -> bool:
    """Whether a task that asks Redis all the time ends when it is cancelled after so many turns of the loop."""
    client = connect(url, client_name="test")

    async def ask_all_the_time() -> None:
        while True:
            with contextlib.suppress(RedisError, OSError):
                await client.ping()

    task = asyncio.create_task(ask_all_the_time())
    try:
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        done, _ = await asyncio.wait({task}, timeout=1)
        return bool(done) and task.cancelled()
    finally:
        for _ in range(20):  # what does not hear one cancellation may hear another
            if not task.done():
                task.cancel()
                await asyncio.wait({task}, timeout=0.05)
        await client.aclose()


@pytest.mark.parametrize("runner", [asyncio.run, uvloop.run])
def test_a_task_is_cancelled_wherever_it_waits_for_redis(runner: Callable[..., Any]) -> None:
    async def act() -> None:
        async with running() as (_, url):
            for turns in range(200):
                assert await _ends_when_cancelled(url, turns), f"goes on, cancelled after {turns} turns"

    runner(act())
