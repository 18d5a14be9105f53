"""Asking again until the answer is the wanted one."""

import asyncio
from typing import Any

import httpx2


async def eventually(ask: Any, wanted: Any, within: float = 60) -> Any:
    last = None
    try:
        async with asyncio.timeout(within):
            while True:
                last = await ask()
                if wanted(last):
                    return last
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise AssertionError(f"not within {within} s; last seen: {last!r}") from None


async def health(client: httpx2.AsyncClient) -> tuple[int, str]:
    reply = await client.get("/api/health")
    return reply.status_code, reply.json()["status"]
