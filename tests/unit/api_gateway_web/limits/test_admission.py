"""So many may wait, and for so long; nobody waits in vain."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from api_gateway.web.pipeline.limits.admission import Admission, Overloaded

QUEUE, LONGEST_WAIT = 10, 5.0


class Line:
    """Requests on one place, each held until it is let go; the clock stands until it is moved."""

    def __init__(self, places: int = 1) -> None:
        self.now = 100.0
        self.admission = Admission(places, QUEUE, longest_wait=LONGEST_WAIT, clock=lambda: self.now)
        self._turns: asyncio.Queue[None] = asyncio.Queue()
        self._asked: list[asyncio.Task[None]] = []
        self.admitted: list[str] = []
        self.refused: list[tuple[str, str]] = []

    async def ask(self, count: int, client: str = "a") -> None:
        self._asked += [asyncio.create_task(self._request(client)) for _ in range(count)]
        await self._settle()

    async def answer(self, count: int, each: float = 0.0) -> None:
        for _ in range(count):
            self.now += each
            self._turns.put_nowait(None)
            await self._settle()

    async def close(self) -> None:
        for task in self._asked:
            task.cancel()
        await asyncio.gather(*self._asked, return_exceptions=True)

    async def _request(self, client: str) -> None:
        try:
            async with self.admission.slot(client):
                self.admitted.append(client)
                await self._turns.get()
        except Overloaded as error:
            self.refused.append((client, error.reason))

    async def _settle(self) -> None:
        for _ in range(5):
            await asyncio.sleep(0)


@asynccontextmanager
async def line(places: int = 1) -> AsyncIterator[Line]:
    made = Line(places)
    try:
        yield made
    finally:
        await made.close()


async def refused(admission: Admission) -> str:
    with pytest.raises(Overloaded) as caught:
        async with asyncio.timeout(20), admission.slot("a"):
            pass
    assert caught.value.retry_after in (1, 2, 3)
    return caught.value.reason


async def test_a_burst_waits_up_to_the_whole_queue() -> None:
    async with line() as one:
        await one.ask(1 + QUEUE - 1)
        assert not one.admission.full
        await one.ask(1)
        assert one.admission.waiting == QUEUE
        assert await refused(one.admission) == "queue"


async def test_the_whole_queue_may_wait_again_and_again() -> None:
    """Under lasting overload too: a proxy in front refuses for less than we do, and lets through what may wait here."""
    async with line() as one:
        await one.ask(1 + QUEUE)
        for _ in range(100):
            await one.answer(1, each=0.02)
            assert not one.admission.full
            await one.ask(1)
            assert one.admission.waiting == QUEUE
        assert await refused(one.admission) == "queue"


async def test_however_long_work_takes_one_may_wait_for_each_place() -> None:
    async with line(places=3) as one:
        for _ in range(60):  # a place is held for longer than two longest waits: it learns that
            await one.ask(1)
            await one.answer(1, each=3 * LONGEST_WAIT)
        await one.ask(3 + 3)
        assert one.admission.waiting == 3
        assert await refused(one.admission) == "queue"


async def test_nobody_waits_for_a_place_that_would_come_too_late() -> None:
    async with line() as one:
        for _ in range(60):  # a place is held for just over 3 s: it learns that
            await one.ask(1)
            await one.answer(1, each=3.1)
        await one.ask(1 + 3)
        assert one.admission.waiting == 3
        assert await refused(one.admission) == "queue", "three of 3.1 s are what two longest waits of 5 s clear"
        for _ in range(60):  # and forgets it
            await one.answer(1, each=0.0)
            await one.ask(1)
        await one.ask(QUEUE - 3)
        assert one.admission.waiting == QUEUE


async def test_nobody_waits_longer_than_the_longest_wait() -> None:
    admission = Admission(1, QUEUE, longest_wait=0.02)
    async with admission.slot("a"):
        assert await refused(admission) == "wait"
    assert admission.waiting == 0
    async with admission.slot("a"):
        pass


@pytest.mark.parametrize("called_first", [True, False])
async def test_a_place_that_comes_free_for_one_who_gives_up_is_the_next_ones(called_first: bool) -> None:
    admission, order = Admission(1, 40, longest_wait=5), []

    async def client(name: str) -> None:
        async with admission.slot("a"):
            order.append(name)

    holding = admission.slot("a")
    await holding.__aenter__()
    leaving, next_one = (asyncio.create_task(client(name)) for name in ("leaving", "next"))
    await asyncio.sleep(0)
    assert admission.waiting == 2
    if called_first:  # cancelled before it hears of its place
        await holding.__aexit__(None, None, None)
        leaving.cancel()
    else:
        leaving.cancel()
        await holding.__aexit__(None, None, None)
    async with asyncio.timeout(20):
        await next_one
        assert (order, admission.waiting) == (["next"], 0)
        await client("after")
    assert (order, admission.waiting) == (["next", "after"], 0)
    await asyncio.gather(leaving, return_exceptions=True)
