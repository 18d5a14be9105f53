"""When a 403 shuts us out, for how long, and what ends it."""

import asyncio
from datetime import UTC, datetime

import pytest
from legis.errors import (
    LegisError,
    RecordGone,
    UpstreamBlocked,
    UpstreamRateLimited,
    UpstreamRequestRefused,
    UpstreamUnavailable,
)
from legis.upstream.block import FORGET_SECONDS, MAX_CONSECUTIVE_403, Block, Forbidden

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


class Chamber:
    """What the probe and the records are answered, and a clock that a test moves."""

    def __init__(self, *, with_probe: bool = True) -> None:
        self.time = 1000.0
        self.probe_error: LegisError | None = None
        self.probed = 0
        self.told: list[bool] = []
        self.block = Block(
            first=60,
            longest=240,
            probe=self.probe if with_probe else None,
            changed=lambda block: self.told.append(block.active),
            clock=lambda: self.time,
            wall=lambda: NOW,
        )

    async def probe(self) -> None:
        self.probed += 1
        if self.probe_error is not None:
            raise self.probe_error

    async def ask(self, error: LegisError | None = None) -> str:
        async def answer() -> str:
            if error is not None:
                raise error
            return "served"

        return await self.block.guard(answer)

    async def refused(self) -> LegisError:
        with pytest.raises(LegisError) as caught:
            await self.ask(Forbidden("a record answered 403"))
        return caught.value


async def test_one_refused_record_shuts_nobody_out() -> None:
    chamber = Chamber()
    assert isinstance(await chamber.refused(), UpstreamRequestRefused)
    assert not chamber.block.active
    assert await chamber.ask() == "served"
    assert (chamber.probed, chamber.told) == (1, [])


@pytest.mark.parametrize("error", [Forbidden("403"), UpstreamBlocked("429 for an hour"), UpstreamRateLimited("429")])
async def test_a_probe_that_is_refused_too_is_a_block(error: LegisError) -> None:
    chamber = Chamber()
    chamber.probe_error = error
    refused = await chamber.refused()
    assert isinstance(refused, UpstreamBlocked)
    assert refused.retry_after == 60
    assert chamber.block.until == datetime(2026, 11, 20, 12, 1, tzinfo=UTC)
    with pytest.raises(UpstreamBlocked):
        await chamber.ask()
    assert chamber.probed == 1, "nobody asks while it lasts"


@pytest.mark.parametrize("error", [RecordGone("404"), UpstreamUnavailable("500"), UpstreamRequestRefused("400")])
async def test_a_probe_that_fails_otherwise_tells_of_no_block(error: LegisError) -> None:
    chamber = Chamber()
    chamber.probe_error = error
    assert isinstance(await chamber.refused(), UpstreamRequestRefused)
    assert not chamber.block.active


async def test_without_a_probe_every_403_is_a_block() -> None:
    chamber = Chamber(with_probe=False)
    assert isinstance(await chamber.refused(), UpstreamBlocked)
    chamber.time += 61
    assert await chamber.ask() == "served"
    assert not chamber.block.active


async def test_pauses_grow_and_the_probe_goes_first() -> None:
    chamber = Chamber()
    chamber.probe_error = Forbidden("403")
    await chamber.refused()
    for pause in (60, 120, 240, 240):
        assert chamber.block.remaining == pause
        chamber.time += pause
        assert chamber.block.active, "only an answer ends a block"
        with pytest.raises(UpstreamBlocked):
            await chamber.ask()
    chamber.time += 240
    chamber.probe_error = None
    assert await chamber.ask() == "served"
    assert chamber.told == [True] * 5 + [False]
    assert chamber.probed == 6


async def test_a_block_soon_after_another_goes_on_where_that_ended() -> None:
    chamber = Chamber()
    for pause, calm in ((60, 1.0), (120, 1.0), (240, FORGET_SECONDS + 1), (60, 0.0)):
        chamber.probe_error = Forbidden("403")
        await chamber.refused()
        assert chamber.block.remaining == pause
        chamber.time += pause
        chamber.probe_error = None
        assert await chamber.ask() == "served"
        chamber.time += calm


async def test_many_refusals_in_a_row_are_a_block_whatever_the_probe_says() -> None:
    chamber = Chamber()
    for _ in range(MAX_CONSECUTIVE_403 - 1):
        assert isinstance(await chamber.refused(), UpstreamRequestRefused)
    assert isinstance(await chamber.refused(), UpstreamBlocked)


async def test_a_good_answer_between_refusals_counts() -> None:
    chamber = Chamber()
    for _ in range(3 * MAX_CONSECUTIVE_403):
        assert isinstance(await chamber.refused(), UpstreamRequestRefused)
        await chamber.ask()


async def test_the_time_that_the_chamber_names_is_kept() -> None:
    chamber = Chamber()
    chamber.block.begin("429, and to come back in 1800 s", 1800)
    assert chamber.block.remaining == 1800
    chamber.block.begin("403")
    assert chamber.block.remaining == 1800, "never made shorter"
    chamber.block.begin("429, and to come back in 3600 s", 3600)
    assert chamber.block.remaining == 3600
    assert chamber.block.reason == "429, and to come back in 1800 s"


async def test_refusals_side_by_side_cost_one_probe() -> None:
    chamber = Chamber()
    waiting = asyncio.Event()

    async def slow_probe() -> None:
        chamber.probed += 1
        await waiting.wait()
        chamber.time += 1

    chamber.block = Block(first=60, longest=240, probe=slow_probe, clock=lambda: chamber.time)
    refusals = [asyncio.create_task(chamber.refused()) for _ in range(MAX_CONSECUTIVE_403 - 1)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert chamber.block.probing
    waiting.set()
    assert all(isinstance(one, UpstreamRequestRefused) for one in await asyncio.gather(*refusals))
    assert chamber.probed == 1


async def test_several_who_come_when_the_time_is_over_probe_once() -> None:
    chamber = Chamber()
    chamber.probe_error = Forbidden("403")
    await chamber.refused()
    chamber.time += 60
    results = await asyncio.gather(*(chamber.ask() for _ in range(5)), return_exceptions=True)
    assert all(isinstance(one, UpstreamBlocked) for one in results)
    assert chamber.probed == 2
