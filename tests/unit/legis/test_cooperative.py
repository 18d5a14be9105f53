"""Long work lets others have the event loop, and gives everything in order."""

import asyncio

import pytest
from legis.cooperative import cooperative_map


async def test_everything_is_made_in_order() -> None:
    assert await cooperative_map(str, range(100), items_per_yield=7) == [str(n) for n in range(100)]
    assert await cooperative_map(str, [], items_per_yield=7) == []


async def test_others_have_their_turn_meanwhile() -> None:
    turns: list[int] = []
    made: list[int] = []

    async def other() -> None:
        while len(made) < 40:
            turns.append(len(made))
            await asyncio.sleep(0)

    async with asyncio.TaskGroup() as group:
        group.create_task(other())
        group.create_task(cooperative_map(made.append, range(40), items_per_yield=8))
    assert {8, 16, 24, 32} <= set(turns)


async def test_what_fails_is_told() -> None:
    with pytest.raises(ZeroDivisionError):
        await cooperative_map(lambda n: 1 // n, [1, 0])
