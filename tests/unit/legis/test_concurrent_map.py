"""Work on many items at once, each handed on as it ends."""

import asyncio
from contextlib import aclosing

import pytest
from legis.concurrent_map import concurrent_map


async def test_a_slow_item_delays_no_other() -> None:
    slow = asyncio.Event()

    async def work(item: int) -> int:
        if item == 0:
            await slow.wait()
        return item * 10

    found: list[int] = []
    async with aclosing(concurrent_map(range(50), work, 4)) as results:
        async for item, result in results:
            assert result == item * 10
            found.append(item)
            if len(found) == 49:
                slow.set()
    assert found == [*range(1, 50), 0]


async def test_no_more_than_size_are_under_way() -> None:
    running = most = 0

    async def work(item: int) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.001 * (item % 3))
        running -= 1

    async with aclosing(concurrent_map(range(40), work, 5)) as results:
        assert len([item async for item, _ in results]) == 40
    assert most == 5


async def test_errors_are_results() -> None:
    async def work(item: int) -> int:
        return 10 // item

    async with aclosing(concurrent_map([1, 0, 2], work, 3)) as results:
        found = {item: result async for item, result in results}
    assert (found[1], found[2], type(found[0])) == (10, 5, ZeroDivisionError)


async def test_who_leaves_early_leaves_nothing_running() -> None:
    ended: list[int] = []

    async def work(item: int) -> int:
        if item == 0:
            return 0
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(item)
        return item

    async with aclosing(concurrent_map(range(4), work, 4)) as results:
        async for item, _ in results:
            assert item == 0
            break
    assert sorted(ended) == [1, 2, 3]


async def test_nothing_gives_nothing() -> None:
    async def work(item: int) -> int:
        pytest.fail("nobody asked")

    async with aclosing(concurrent_map([], work, 4)) as results:
        assert [one async for one in results] == []
