"""A request that is cancelled while it gives its connection back leaves the event loop no error to report."""

import asyncio
import gc
from typing import Any

from api_gateway.store.database.limited_pool import LimitedPool


class Connection:
    """A connection whose statement is cancelled, as that of a client that has left."""

    ended = False

    async def fetch(self, sql: str, *values: object, timeout: float | None = None) -> list[Any]:
        raise TimeoutError

    def terminate(self) -> None:
        self.ended = True


class SlowPool:
    """As asyncpg's: the release goes on when its caller is cancelled, and its time may run out."""

    def __init__(self) -> None:
        self.connection = Connection()
        self.begun, self.time_is_up = asyncio.Event(), asyncio.Event()

    async def acquire(self, *, timeout: float) -> Connection:
        return self.connection

    async def release(self, connection: Connection, *, timeout: float) -> None:
        await asyncio.shield(self._release())

    async def _release(self) -> None:
        self.begun.set()
        await self.time_is_up.wait()
        raise TimeoutError


async def test_nothing_is_left_to_report() -> None:
    reported: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: reported.append(context))
    slow = SlowPool()
    request = asyncio.create_task(LimitedPool(slow, 1, 1.0).rows("SELECT 1", (), None, None))  # type: ignore[arg-type]
    await slow.begun.wait()
    request.cancel()
    await asyncio.wait([request])
    slow.time_is_up.set()
    for _ in range(10):
        await asyncio.sleep(0)
    gc.collect()
    assert request.cancelled()
    assert slow.connection.ended
    assert reported == []
