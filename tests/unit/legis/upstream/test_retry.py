"""What is tried again, after how long, and what a long outage costs."""

import pytest
from legis.errors import (
    BreakerOpen,
    LegisError,
    RecordGone,
    UpstreamBlocked,
    UpstreamRateLimited,
    UpstreamRequestRefused,
    UpstreamUnavailable,
)
from legis.upstream.retry import CAPACITY, Retrier, RetryBudget, once


class Bench:
    """A retrier on a clock of its own, with everything it did written down."""

    def __init__(self, chance: float = 1.0, **options: float) -> None:
        self.now = 0.0
        self.waits: list[float] = []
        self.calls: list[int] = []
        self.retries = 0
        self.budget = RetryBudget(clock=lambda: self.now)
        self.retrier = Retrier(
            attempts=int(options.get("attempts", 3)),
            base=options.get("base", 0.5),
            cap=options.get("cap", 20.0),
            budget=self.budget,
            on_retry=self._count,
            sleep=self._sleep,
            chance=lambda: chance,
        )

    def _count(self) -> None:
        self.retries += 1

    async def _sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds

    async def run(self, *errors: Exception | None) -> str:
        async def call(number: int) -> str:
            self.calls.append(number)
            error = errors[min(number, len(errors) - 1)]
            if error is not None:
                raise error
            return "good"

        return await self.retrier.run(call)


def timed_out() -> UpstreamUnavailable:
    error = UpstreamUnavailable("slow")
    error.__cause__ = TimeoutError()
    return error


async def test_a_failure_is_tried_again_and_may_succeed() -> None:
    bench = Bench()
    assert await bench.run(UpstreamUnavailable("503"), UpstreamUnavailable("503"), None) == "good"
    assert (bench.calls, bench.waits, bench.retries) == ([0, 1, 2], [0.5, 1.0], 2)


async def test_three_attempts_are_all() -> None:
    bench = Bench()
    last = UpstreamUnavailable("third")
    with pytest.raises(UpstreamUnavailable) as raised:
        await bench.run(UpstreamUnavailable("first"), UpstreamUnavailable("second"), last)
    assert raised.value is last
    assert bench.calls == [0, 1, 2]


@pytest.mark.parametrize(
    "error",
    [BreakerOpen("open"), UpstreamBlocked("403"), RecordGone("404"), UpstreamRequestRefused("400"), ValueError("bug")],
)
async def test_what_a_retry_cannot_help_is_asked_once(error: LegisError) -> None:
    bench = Bench()
    with pytest.raises(type(error)):
        await bench.run(error)
    assert bench.calls == [0]


async def test_a_circuit_that_opens_between_attempts_hides_no_answer() -> None:
    bench, answered = Bench(), UpstreamUnavailable("500")
    with pytest.raises(UpstreamUnavailable) as raised:
        await bench.run(answered, BreakerOpen("open"))
    assert raised.value is answered
    assert bench.calls == [0, 1]


async def test_what_failed_before_may_be_asked_once() -> None:
    bench = Bench()
    with once(), pytest.raises(UpstreamUnavailable):
        await bench.run(UpstreamUnavailable("500"))
    assert (bench.calls, bench.retries) == ([0], 0)
    assert await bench.run(UpstreamUnavailable("500"), None) == "good"


async def test_jitter_is_full_and_capped() -> None:
    lowest, highest = Bench(chance=0.0, attempts=6, cap=5.0), Bench(attempts=6, cap=5.0)
    for bench in (lowest, highest):
        with pytest.raises(UpstreamUnavailable):
            await bench.run(UpstreamUnavailable("503"))
    assert lowest.waits == [0.0] * 5
    assert highest.waits == [0.5, 1.0, 2.0, 4.0, 5.0]


async def test_a_wait_that_upstream_named_is_a_floor() -> None:
    bench = Bench(chance=0.0)
    with pytest.raises(UpstreamRateLimited):
        await bench.run(UpstreamRateLimited("429", retry_after=30.0))
    assert bench.waits == [30.0, 30.0]
    bench = Bench(chance=0.25)
    assert await bench.run(UpstreamUnavailable("503", retry_after=7.0), None) == "good"
    assert bench.waits == [7.25]


async def test_nobody_is_kept_waiting_longer_than_the_cap() -> None:
    bench = Bench()
    with pytest.raises(UpstreamUnavailable):
        await bench.run(UpstreamUnavailable("503", retry_after=120.0))
    assert bench.calls == [0]


async def test_prices_and_refunds() -> None:
    bench = Bench()
    await bench.run(UpstreamUnavailable("503"), None)
    assert bench.budget.tokens == CAPACITY - 5 + 1
    await bench.run(timed_out(), None)
    assert bench.budget.tokens == CAPACITY - 5 + 1 - 10 + 1
    for _ in range(100):
        await bench.run(None)
    assert bench.budget.tokens == CAPACITY


async def test_an_empty_budget_ends_retries_until_successes_fill_it() -> None:
    bench = Bench(chance=0.0)
    for _ in range(50):
        with pytest.raises(UpstreamUnavailable):
            await bench.run(UpstreamUnavailable("503"))
    assert bench.budget.tokens == 0.0
    bench.calls.clear()
    with pytest.raises(UpstreamUnavailable):
        await bench.run(UpstreamUnavailable("503"))
    assert bench.calls == [0]
    for _ in range(5):
        await bench.run(None)
    assert await bench.run(UpstreamUnavailable("503"), None) == "good"


@pytest.mark.parametrize("per_second", [0.5, 2.0, 8.0])
async def test_after_half_a_minute_of_outage_at_most_a_tenth_is_added(per_second: float) -> None:
    bench = Bench(chance=0.0, base=0.0)
    while bench.now <= 31.0:
        with pytest.raises(UpstreamUnavailable):
            await bench.run(UpstreamUnavailable("503"))
        bench.now += 1.0 / per_second
    bench.calls.clear()
    for _ in range(300):
        with pytest.raises(UpstreamUnavailable):
            await bench.run(UpstreamUnavailable("503"))
        bench.now += 1.0 / per_second
    firsts = bench.calls.count(0)
    assert firsts == 300
    assert len(bench.calls) / firsts <= 1.1


async def test_one_success_ends_the_outage() -> None:
    bench = Bench()
    with pytest.raises(UpstreamUnavailable):
        await bench.run(UpstreamUnavailable("503"))
    bench.now += 3600.0
    bench.calls.clear()
    with pytest.raises(UpstreamUnavailable):
        await bench.run(UpstreamUnavailable("503"))
    assert bench.calls == [0]
    await bench.run(None)
    assert await bench.run(UpstreamUnavailable("503"), None) == "good"
