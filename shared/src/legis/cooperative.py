"""Maps a function over many items on the event loop, yielding to other tasks at intervals."""

import asyncio
from collections.abc import Callable, Iterable
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

ITEMS_PER_YIELD = 8
"""Items between two yields to the event loop, where one item takes a few tenths of a millisecond."""


async def cooperative_map(
    function: Callable[[Item], Result], items: Iterable[Item], *, items_per_yield: int = ITEMS_PER_YIELD
) -> list[Result]:
    """Returns `function(item)` for each item, in order; yields to other tasks after every `items_per_yield` items."""
    results: list[Result] = []
    for item in items:
        results.append(function(item))
        if len(results) % items_per_yield == 0:
            await asyncio.sleep(0)
    return results
