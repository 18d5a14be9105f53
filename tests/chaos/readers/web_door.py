"""The way of all readers to the API: a session whose failures are trouble, not faults."""

import asyncio
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from random import Random

import aiohttp
import orjson

SECONDS = 8.0
AWAY = (aiohttp.ClientError, TimeoutError, OSError)
"""What a life of a reader ends with where web is down; its next life begins a moment later."""


class Door:
    """One session of one thread."""

    def __init__(self, session: aiohttp.ClientSession, base: str, dice: Random) -> None:
        self._session = session
        self._base = base
        self._dice = dice

    def open(
        self, path: str, headers: Mapping[str, str] | None = None
    ) -> AbstractAsyncContextManager[aiohttp.ClientResponse]:
        """A reply whose body comes as it is read; no limit of time but between two pieces."""
        limit = aiohttp.ClientTimeout(sock_connect=2, sock_read=SECONDS * 3)
        return self._session.get(self._base + path, headers=headers, timeout=limit)

    async def get(self, path: str, headers: Mapping[str, str] | None = None) -> tuple[int, bytes]:
        """Status and body. Raises one of AWAY."""
        limit = aiohttp.ClientTimeout(total=SECONDS)
        async with self._session.get(self._base + path, headers=headers, timeout=limit) as reply:
            if reply.status in (400, 422):
                raise AssertionError(f"{path}: {await reply.text()}")
            return reply.status, await reply.read()

    async def epoch(self) -> str | None:
        """Which log there is now; None where nobody says."""
        status, body = await self.get("/api/v1/changes?limit=1")
        return str(orjson.loads(body)["page"]["epoch"]) if status == 200 else None

    async def breathe(self) -> None:
        """A moment in which a reader may be killed."""
        await asyncio.sleep(self._dice.uniform(0.01, 0.1))
