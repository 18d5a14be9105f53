"""Slots shared between clients, in virtual time: nobody starves, the queue holds its bound, no one leaves a trace."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import pytest
from api_gateway.web.pipeline.limits.admission import ACTIVE_SECONDS, Admission, Overloaded
from hypothesis import given, settings
from hypothesis import strategies as st
from twin.virtual_loop import VirtualLoop

SLOTS, QUEUE, LONGEST_WAIT = 4, 20, 0.5


@dataclass
class Hall:
    """An admission on a virtual loop, and what came of each request: client, outcome, seconds until it came."""

    loop: VirtualLoop
    slots: int = SLOTS
    longest_wait: float = LONGEST_WAIT
    outcomes: list[tuple[str, str, float]] = field(default_factory=list)
    most_held: int = 0
    most_waiting: int = 0
    held: int = 0

    def __post_init__(self) -> None:
        self.admission = Admission(self.slots, QUEUE, longest_wait=self.longest_wait, clock=self.loop.time)

    async def request(self, client: str, seconds: float, cost: int = 1) -> None:
        """Asks for a slot and holds it for so long."""
        began = self.loop.time()
        try:
            async with self.admission.slot(client, cost):
                self._note(client, "served", began)
                self.held += 1
                self.most_held = max(self.most_held, self.held)
                try:
                    await asyncio.sleep(seconds)
                finally:
                    self.held -= 1
        except Overloaded as error:
            self._note(client, error.reason, began)

    async def closed_loop(self, client: str, seconds: float, until: float) -> None:
        """Asks again as soon as there is an answer; after a refusal a little later."""
        while self.loop.time() < until:
            before = len(self.outcomes)
            await self.request(client, seconds)
            if self.outcomes[before:] and self.outcomes[-1][1] != "served":
                await asyncio.sleep(0.01)

    def of(self, client: str) -> tuple[list[str], list[float]]:
        """Outcomes of a client, and its waits where it was served."""
        mine = [(outcome, wait) for who, outcome, wait in self.outcomes if who == client]
        return [outcome for outcome, _ in mine], [wait for outcome, wait in mine if outcome == "served"]

    def _note(self, client: str, outcome: str, began: float) -> None:
        self.outcomes.append((client, outcome, self.loop.time() - began))
        self.most_waiting = max(self.most_waiting, self.admission.waiting)


def run(main: Any, **told: Any) -> Hall:
    loop = VirtualLoop()
    try:
        hall = Hall(loop, **told)
        loop.run_until_complete(main(hall))
        assert loop.unhandled == []
        return hall
    finally:
        loop.close()


def at_rest(hall: Hall) -> None:
    """Nothing is held, nobody waits, nobody is remembered."""
    admission = hall.admission
    assert (admission.waiting, admission.full, admission._free) == (0, False, hall.slots)
    assert not admission._held
    assert not admission._queue._queues


def test_forty_heavy_requests_of_one_client_cost_another_no_answer() -> None:
    async def both(hall: Hall) -> None:
        abuser = [asyncio.ensure_future(hall.closed_loop("abuser", 0.1, hall.loop.time() + 10)) for _ in range(40)]
        await asyncio.sleep(1)
        for _ in range(80):
            await hall.request("modest", 0.01)
            await asyncio.sleep(0.05)
        await asyncio.gather(*abuser)

    hall = run(both)
    outcomes, waits = hall.of("modest")
    assert outcomes == ["served"] * 80
    assert waits[0] <= 0.1, "the slot that comes free next is its own"
    assert max(waits[20:]) == 0.0, "from then on one is free"
    assert "queue" in hall.of("abuser")[0]
    at_rest(hall)


def test_a_client_holds_half_while_another_is_active_and_all_where_none_is() -> None:
    async def alone_both_alone(hall: Hall) -> None:
        first = [asyncio.ensure_future(hall.request("a", 1.0)) for _ in range(12)]
        await asyncio.sleep(0)
        assert hall.admission._held == {"a": 4}
        await asyncio.sleep(0.9)
        second = [asyncio.ensure_future(hall.request("b", 1.0)) for _ in range(3)]
        await asyncio.sleep(0.2)
        assert hall.admission._held == {"a": 2, "b": 2}
        await asyncio.sleep(ACTIVE_SECONDS + 1)
        await asyncio.gather(*first, *second)
        await hall.request("b", 0.0)
        await asyncio.sleep(ACTIVE_SECONDS - 1)
        last = [asyncio.ensure_future(hall.request("b", 1.0)) for _ in range(5)]
        await asyncio.sleep(0)
        assert hall.admission._held == {"b": 4}
        await asyncio.gather(*last)

    at_rest(run(alone_both_alone, longest_wait=100.0))


def test_a_full_queue_makes_room_for_a_client_that_waits_less() -> None:
    async def crowd(hall: Hall) -> None:
        many = [asyncio.ensure_future(hall.request("many", 1.0)) for _ in range(SLOTS + QUEUE)]
        await asyncio.sleep(0)
        assert hall.admission.full
        assert hall.admission.refuses("many")
        assert not hall.admission.refuses("few")
        few = [asyncio.ensure_future(hall.request("few", 1.0)) for _ in range(QUEUE)]
        await asyncio.sleep(0.01)
        assert hall.admission.waiting == QUEUE
        assert {client: hall.admission._queue.waiting(client) for client in ("many", "few")} == {"many": 8, "few": 12}
        assert [outcome for _, outcome, _ in hall.outcomes].count("queue") == 20
        await asyncio.gather(*many, *few)
        assert {outcome for _, outcome, _ in hall.outcomes} == {"served", "queue"}

    at_rest(run(crowd, longest_wait=100.0))


@pytest.mark.parametrize("when", ["waiting", "displaced", "called"])
def test_who_is_cancelled_leaves_no_trace(when: str) -> None:
    async def crowd(hall: Hall) -> None:
        first = asyncio.ensure_future(hall.request("a", 0.1))
        await asyncio.sleep(0)
        waiting = [asyncio.ensure_future(hall.request("a", 0.1)) for _ in range(QUEUE)]
        await asyncio.sleep(0)
        last = waiting[-1]
        if when == "displaced":
            other = asyncio.ensure_future(hall.request("b", 0.1))
            await asyncio.sleep(0)
            await asyncio.gather(other)
        if when == "called":
            first.cancel()
            last = waiting[0]
            hall.loop.call_soon(last.cancel)
        last.cancel()
        await asyncio.gather(first, *waiting, return_exceptions=True)

    at_rest(run(crowd, slots=1, longest_wait=100.0))


REQUESTS = st.lists(
    st.tuples(
        st.sampled_from("abcde"), st.sampled_from([0.0, 0.001, 0.02, 0.1, 0.3]), st.integers(1, 4),
        st.sampled_from([0.001, 0.05, 0.2, 1.0]), st.sampled_from([None, None, 0.0, 0.03, 0.4]),
    ),
    max_size=60,
)  # fmt: skip
"""Client, pause before it, cost, time it holds its slot, time after which its client leaves."""


@given(REQUESTS)
def test_every_bound_holds(asked: list[tuple[str, float, int, float, float | None]]) -> None:
    async def one(hall: Hall, client: str, cost: int, seconds: float, leaves: float | None) -> None:
        try:
            async with asyncio.timeout(leaves):
                await hall.request(client, seconds, cost)
        except TimeoutError:
            pass

    async def all_of_them(hall: Hall) -> None:
        tasks = []
        for client, pause, cost, seconds, leaves in asked:
            await asyncio.sleep(pause)
            tasks.append(asyncio.ensure_future(one(hall, client, cost, seconds, leaves)))
        await asyncio.gather(*tasks)

    hall = run(all_of_them)
    assert hall.most_held <= SLOTS
    assert hall.most_waiting <= QUEUE
    assert all(wait <= LONGEST_WAIT + 1e-6 for _, _, wait in hall.outcomes)
    at_rest(hall)


@settings(max_examples=40)
@given(st.integers(1, 40), st.integers(1, 5), st.floats(0.001, 0.05), st.integers(1, 4))
def test_no_client_starves_whatever_another_asks(parallel: int, cost: int, heavy: float, slots: int) -> None:
    async def both(hall: Hall) -> None:
        loops = [
            asyncio.ensure_future(hall.closed_loop("abuser", heavy, hall.loop.time() + 1)) for _ in range(parallel)
        ]
        await asyncio.sleep(0.3)
        for _ in range(10):
            await hall.request("modest", 0.001, cost)
        await asyncio.gather(*loops)

    hall = run(both, slots=slots)
    outcomes, waits = hall.of("modest")
    assert outcomes == ["served"] * 10
    turns = cost if slots == 1 else 1  # with one slot it is shared by turns, and a dear request takes as many
    assert max(waits) <= (turns + 1) * heavy + 1e-6
    at_rest(hall)
