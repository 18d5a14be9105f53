"""Waits end when they should, and early when told to stop."""

import asyncio
import time

import pytest
from legis.waiting import retreat, wait_or_stop


@pytest.mark.parametrize("wait", [wait_or_stop, retreat])
async def test_a_stop_ends_the_wait_at_once(wait: object) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().call_later(0.01, stop.set)
    async with asyncio.timeout(20):
        assert await wait(stop, 60.0)  # type: ignore[operator]


async def test_without_a_stop_the_time_passes() -> None:
    began = time.monotonic()
    assert not await wait_or_stop(asyncio.Event(), 0.1)
    assert time.monotonic() - began >= 0.09


async def test_those_who_retreat_together_do_not_come_back_together() -> None:
    async def seconds() -> float:
        began = time.monotonic()
        await retreat(asyncio.Event(), 0.2)
        return time.monotonic() - began

    times = await asyncio.gather(*(seconds() for _ in range(40)))
    assert min(times) >= 0.09
    assert max(times) - min(times) > 0.03
