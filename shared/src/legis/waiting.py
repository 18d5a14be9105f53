"""Waiting that ends early when the service is told to stop."""

import asyncio
import contextlib
import random


async def wait_or_stop(stop: asyncio.Event, seconds: float) -> bool:
    """Waits `seconds`, or less when `stop` is set. True when it was."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await stop.wait()
    return stop.is_set()


async def retreat(stop: asyncio.Event, seconds: float) -> bool:
    """The same for between half of `seconds` and all of it, so that those who failed together do not come back so."""
    return await wait_or_stop(stop, random.uniform(seconds / 2, seconds))
