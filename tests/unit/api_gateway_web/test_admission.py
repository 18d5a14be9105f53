"""A burst may wait; a line that does not get shorter may not grow."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from api_gateway.web.edge.admission import Admission, Overloaded

QUEUE, LONGEST_WAIT = 10, 5.0


class Line:
    """Requests on one place, each held until it is let go; the clock stands until it is moved."""

    def __init__(self) -> None:
        self.now = 100.0
        self.admission = Admission(1, QUEUE, patience=0.02, longest_wait=LONGEST_WAIT, clock=lambda: self.now)
        self._turns: asyncio.Queue[None] = asyncio.Queue()
        self._asked: list[asyncio.Task[None]] = []

    async def ask(self, count: int) -> None:
        self._asked += [asyncio.create_task(self._request()) for _ in range(count)]
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

    async def _request(self) -> None:
        async with self.admission.place():
            await self._turns.get()

    async def _settle(self) -> None:
        for _ in range(5):
            await asyncio.sleep(0)


@asynccontextmanager
async def line() -> AsyncIterator[Line]:
    made = Line()
    try:
        yield made
    finally:
        await made.close()


async def refused(admission: Admission) -> str:
    with pytest.raises(Overloaded) as caught:
        async with asyncio.timeout(1), admission.place():
            pass
    return str(caught.value)


async def test_a_burst_waits_up_to_the_whole_queue() -> None:
    async with line() as one:
        await one.ask(1 + QUEUE - 1)
        one.now += LONGEST_WAIT / 2
        assert not one.admission.full
        await one.ask(1)
        assert one.admission.waiting == QUEUE
        assert await refused(one.admission) == "queue"


async def test_a_line_that_has_stood_too_long_grows_no_more_until_it_was_empty() -> None:
    async with line() as one:
        await one.ask(4)
        one.now += LONGEST_WAIT + 0.1
        assert one.admission.waiting == 3
        assert await refused(one.admission) == "queue"
        await one.answer(2)
        assert one.admission.waiting == 1
        assert await refused(one.admission) == "queue"
        await one.answer(1)
        await one.ask(1)  # nobody waits any more, but no place has come free either
        assert one.admission.waiting == 1
        assert await refused(one.admission) == "queue"
        await one.answer(2)
        await one.ask(6)
        assert one.admission.waiting == 5
        assert not one.admission.full


async def test_a_line_that_gave_up_waiting_is_still_a_line() -> None:
    admission = Admission(1, QUEUE, patience=0.001, longest_wait=0.05)
    async with admission.place():
        burst = await asyncio.gather(*(refused(admission) for _ in range(QUEUE)))
        assert set(burst) == {"wait"}
        first = asyncio.create_task(refused(admission))
        await asyncio.sleep(0)
        assert await refused(admission) == "queue", "one may wait: that all before it have gone proves nothing"
        assert await first == "wait"


async def test_quick_answers_let_more_wait_in_a_standing_line() -> None:
    async with line() as one:
        for _ in range(60):  # a place is held for just under 5 ms: it learns that
            await one.ask(1)
            await one.answer(1, each=0.0049)
        await one.ask(3)
        one.now += LONGEST_WAIT + 0.1
        assert not one.admission.full
        await one.ask(1)
        assert not one.admission.full
        await one.ask(1)
        assert one.admission.waiting == 4
        assert one.admission.full, "four of 5 ms are what 20 ms of patience clear"


async def test_nobody_waits_longer_than_the_longest_wait() -> None:
    admission = Admission(1, QUEUE, patience=0.02, longest_wait=0.02)
    async with admission.place():
        assert await refused(admission) == "wait"
    assert admission.waiting == 0
    async with admission.place():
        pass
