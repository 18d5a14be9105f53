"""Waits that end early when the service is asked to stop."""

import asyncio
import contextlib
import random


async def wait_or_stop(stop: asyncio.Event, seconds: float) -> bool:
    """Waits `seconds`, or less when `stop` is set. Returns True when `stop` is set."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await stop.wait()
    return stop.is_set()


async def retreat(stop: asyncio.Event, seconds: float) -> bool:
    """Backs off: waits between half of `seconds` and all of it. The jitter keeps clients that failed together from
    returning together.
    """
    return await wait_or_stop(stop, random.uniform(seconds / 2, seconds))
