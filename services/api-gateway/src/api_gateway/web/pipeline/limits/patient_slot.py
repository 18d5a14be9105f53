"""A slot of admission for one page of a reply that is under way."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from api_gateway.web.pipeline.limits.admission import Admission, Overloaded

TURN_SECONDS = (0.05, 0.25)
"""Bounds of the delay, chosen at random, after which a request that got no slot tries again."""

PATIENCE_SECONDS = 20.0
"""Longest wait of a file, whose pages may take 30 s."""


@asynccontextmanager
async def patient_slot(
    admission: Admission, client: str, cost: int, *, patience: float = PATIENCE_SECONDS
) -> AsyncIterator[None]:
    """Holds a slot until the context ends. A moment of overload does not cut a file or a stream: it asks again for
    `patience` seconds. Raises Overloaded after that.
    """
    loop = asyncio.get_running_loop()
    until = loop.time() + patience
    async with AsyncExitStack() as held:
        while True:
            try:
                await held.enter_async_context(admission.slot(client, cost))
                break
            except Overloaded:
                if loop.time() >= until:
                    raise
            await asyncio.sleep(random.uniform(*TURN_SECONDS))
        yield
