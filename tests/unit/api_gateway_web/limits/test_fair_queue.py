"""Clients are served by turns whose length is the cost of what they ask, whatever their number and their haste."""

from collections import Counter

from api_gateway.web.pipeline.limits.fair_queue import FairQueue
from hypothesis import given
from hypothesis import strategies as st

COSTS = st.integers(1, 5)
CLIENTS = st.sampled_from("abcd")


def everybody(client: str) -> bool:
    return True


def drained(queue: FairQueue[object]) -> list[str]:
    order = []
    while (taken := queue.take(everybody)) is not None:
        order.append(taken[0])
    return order


def test_a_client_with_many_costs_another_one_turn() -> None:
    queue: FairQueue[object] = FairQueue()
    for number in range(40):
        queue.add("many", number, 1)
    queue.add("few", "x", 1)
    queue.add("few", "y", 1)
    assert drained(queue)[:4] == ["many", "few", "many", "few"]


def test_dear_requests_come_rarer() -> None:
    queue: FairQueue[object] = FairQueue()
    for number in range(30):
        queue.add("dear", number, 3)
        queue.add("cheap", number, 1)
    assert Counter(drained(queue)[:40]) == {"cheap": 30, "dear": 10}


def test_only_who_is_eligible_is_served() -> None:
    queue: FairQueue[object] = FairQueue()
    for client in "aab":
        queue.add(client, client, 1)
    assert [queue.take("b".__eq__) for _ in range(2)] == [("b", "b"), None]
    assert queue.size == 2


def test_the_newest_of_a_client_gives_way() -> None:
    queue: FairQueue[object] = FairQueue()
    for item in (1, 2, 3):
        queue.add("long", item, 1)
    queue.add("short", 4, 1)
    assert list(queue.clients()) == ["long", "short"]
    assert queue.take_newest("long") == 3
    assert (queue.size, queue.waiting("long"), queue.waiting("short")) == (3, 2, 1)


@given(st.lists(st.tuples(CLIENTS, COSTS), max_size=60))
def test_each_client_is_served_in_its_order_and_nothing_is_left(asked: list[tuple[str, int]]) -> None:
    queue: FairQueue[object] = FairQueue()
    for number, (client, cost) in enumerate(asked):
        queue.add(client, number, cost)
    taken = []
    while (one := queue.take(everybody)) is not None:
        taken.append(one)
    for client in "abcd":
        wanted = [number for number, (who, _) in enumerate(asked) if who == client]
        assert [item for who, item in taken if who == client] == wanted
    assert (queue.size, list(queue.clients())) == (0, [])


@given(st.lists(st.tuples(CLIENTS, COSTS), min_size=1, max_size=80), COSTS)
def test_nobody_starves(others: list[tuple[str, int]], cost: int) -> None:
    """Before a newcomer is served, no other client gets more than the newcomer's cost and one request's."""
    queue: FairQueue[object] = FairQueue()
    costs = {}
    for number, (client, dear) in enumerate(others):
        queue.add(client, number, dear)
        costs[number] = dear
    queue.add("newcomer", "x", cost)
    served: Counter[str] = Counter()
    while (taken := queue.take(everybody)) is not None and taken[0] != "newcomer":
        assert isinstance(taken[1], int)
        served[taken[0]] += costs[taken[1]]
    assert taken == ("newcomer", "x")
    assert all(spent <= cost for spent in served.values())


@given(st.lists(st.one_of(st.tuples(CLIENTS, COSTS), st.integers(0, 30)), max_size=80))
def test_what_is_discarded_leaves_no_trace(steps: list[tuple[str, int] | int]) -> None:
    queue: FairQueue[object] = FairQueue()
    inside: dict[int, tuple[str, object]] = {}
    for number, step in enumerate(steps):
        if isinstance(step, tuple):
            inside[number] = step[0], object()
            queue.add(*inside[number], step[1])
        else:
            client, item = inside.pop(step, ("nobody", None))
            assert queue.discard(client, item) is (client != "nobody")
        assert queue.size == len(inside)
        assert {client: queue.waiting(client) for client in "abcd"} == {
            client: sum(who == client for who, _ in inside.values()) for client in "abcd"
        }
