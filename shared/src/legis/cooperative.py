"""Long work on the event loop, a little at a time, so that what else waits there does not wait for all of it."""

import asyncio
from collections.abc import Callable, Iterable
from typing import TypeVar

Thing = TypeVar("Thing")
Made = TypeVar("Made")

AT_ONCE = 8
"""Things between two breaths, where each takes some tenths of a millisecond."""


async def cooperative_map(
    make: Callable[[Thing], Made], things: Iterable[Thing], *, at_once: int = AT_ONCE
) -> list[Made]:
    """What `make` gives for each thing, in their order; others have the loop after every `at_once` of them."""
    made: list[Made] = []
    for thing in things:
        made.append(make(thing))
        if len(made) % at_once == 0:
            await asyncio.sleep(0)
    return made
