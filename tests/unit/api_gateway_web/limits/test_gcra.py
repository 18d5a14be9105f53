"""GCRA in memory: the burst exactly, the steady rate exactly, by cost, bounded, and told truly."""

import pytest
from api_gateway.web.pipeline.limits.gcra import LocalGcra, Rate
from hypothesis import given
from hypothesis import strategies as st


class Time:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_burst_and_one_of_500_at_once() -> None:
    gcra = LocalGcra(clock=Time())
    taken = [gcra.take("a", Rate(600, 20)) for _ in range(500)]
    assert sum(not one.refused for one in taken) == 21
    assert [one.remaining for one in taken[:22]] == [*range(20, -1, -1), 0]


@pytest.mark.parametrize(("per_minute", "burst"), [(600, 20), (7, 0), (60, 59), (100_000, 500)])
def test_a_minute_of_asking_gets_the_limit(per_minute: int, burst: int) -> None:
    time = Time()
    gcra = LocalGcra(clock=time)
    rate, step = Rate(per_minute, burst), 60 / per_minute / 3
    while not gcra.take("a", rate).refused:
        pass
    begin, let_through = time.now, 0
    while time.now < begin + 60:
        time.now += step
        let_through += not gcra.take("a", rate).refused
    assert let_through == pytest.approx(per_minute, rel=0.02, abs=1)


@given(st.lists(st.tuples(st.floats(0, 20), st.integers(1, 30)), max_size=60))
def test_no_stretch_of_time_gives_more_than_burst_and_rate(asked: list[tuple[float, int]]) -> None:
    time, rate = Time(), Rate(60, 10)
    gcra = LocalGcra(clock=time)
    paid: list[tuple[float, int]] = []
    for pause, cost in asked:
        time.now += pause
        if not gcra.take("a", rate, cost).refused:
            paid.append((time.now, min(cost, rate.capacity)))
    for first in range(len(paid)):
        for last in range(first, len(paid)):
            used = sum(cost for _, cost in paid[first : last + 1])
            assert used <= rate.capacity + (paid[last][0] - paid[first][0]) / rate.interval + 1e-6


@given(st.integers(1, 40), st.integers(1, 40))
def test_who_waits_as_told_is_let_through(first: int, second: int) -> None:
    time, rate = Time(), Rate(60, 10)
    gcra = LocalGcra(clock=time)
    gcra.take("a", rate, first)
    refused = gcra.take("a", rate, second)
    if refused.refused:
        assert refused.retry_after >= 1
        time.now += refused.retry_after
        assert not gcra.take("a", rate, second).refused


def test_clients_do_not_share_and_a_refusal_costs_nothing() -> None:
    time = Time()
    gcra = LocalGcra(clock=time)
    rate = Rate(60, 0)
    assert not gcra.take("a", rate).refused
    assert all(gcra.take("a", rate).refused for _ in range(100))
    assert not gcra.take("b", rate).refused
    time.now += 1
    assert not gcra.take("a", rate).refused


def test_looking_counts_nothing() -> None:
    gcra, rate = LocalGcra(clock=Time()), Rate(60, 0)
    assert not any(gcra.peek("a", rate).refused for _ in range(5))
    assert not gcra.take("a", rate).refused
    assert gcra.peek("a", rate).refused


def test_headers_say_what_is_left() -> None:
    gcra, rate = LocalGcra(clock=Time()), Rate(60, 1)
    assert gcra.take("a", rate).raw_headers == [
        (b"ratelimit-policy", b'"default";q=60;w=60'),
        (b"ratelimit", b'"default";r=1;t=1'),
    ]
    gcra.take("a", rate)
    refused = gcra.take("a", rate)
    assert dict(refused.raw_headers)[b"ratelimit"] == b'"default";r=0;t=2'
    assert (b"retry-after", b"1") in refused.raw_headers


def test_memory_is_bounded_and_the_longest_silent_is_forgotten() -> None:
    gcra, rate = LocalGcra(clock=Time(), most=3), Rate(1, 0)
    for client in ("a", "b", "c", "d"):
        assert not gcra.take(client, rate).refused
    assert gcra.take("d", rate).refused
    assert not gcra.take("a", rate).refused
