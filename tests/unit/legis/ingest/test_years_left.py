"""When a year whose list cannot be had is given up for the day; and how much of a backfill is left."""

from collections.abc import AsyncGenerator, Sequence
from datetime import UTC, datetime, timedelta

import pytest
from legis.domain.vocabulary import Source
from legis.errors import (
    BreakerOpen,
    LegisError,
    RecordGone,
    UpstreamBlocked,
    UpstreamRequestRefused,
    UpstreamSchemaChanged,
    UpstreamUnavailable,
)
from legis.events import BackfillLeft, Walk
from legis.ingest.set_aside import MAX_FAILED_WINDOWS
from legis.ingest.source import Item, ReadContext, WalkPlan, Window
from legis.ingest.years.backfill_estimate import BackfillEstimator
from legis.ingest.years.years_left import YearsLeft

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize("error", [RecordGone("404"), UpstreamRequestRefused("400")])
def test_what_is_final_is_given_up_at_once(error: LegisError) -> None:
    outcome = YearsLeft().given_up(1998, error, 7)
    assert (outcome.year, outcome.reason, outcome.read_seq) == (1998, str(error), 7)


@pytest.mark.parametrize("error", [UpstreamUnavailable("500"), UpstreamSchemaChanged("other columns")])
def test_what_fails_is_given_up_after_some_windows_each_year_for_itself(error: LegisError) -> None:
    left = YearsLeft()
    for _ in range(MAX_FAILED_WINDOWS - 1):
        for year in (1998, 1997):
            with pytest.raises(type(error)):
                left.given_up(year, error, 1)
    left.read(1997)
    assert left.given_up(1998, error, 1).reason == str(error)
    with pytest.raises(type(error)):
        left.given_up(1997, error, 1)


@pytest.mark.parametrize("error", [BreakerOpen("open"), UpstreamBlocked("403")])
def test_an_outage_is_no_years_fault(error: LegisError) -> None:
    left = YearsLeft()
    for _ in range(MAX_FAILED_WINDOWS + 2):
        with pytest.raises(type(error)):
            left.given_up(1998, error, 1)


class Years:
    """A source that has nothing but years, from 2026 back to 2020."""

    name = Source.CAMARA

    def plans(self) -> tuple[WalkPlan, ...]:
        return (WalkPlan(Walk.BACKFILL, timedelta(0), "test", 100, 7.0),)

    def next_window(self, walk: Walk, position: int | None, now: datetime) -> Window | None:
        year = now.year if position is None else -position
        return Window(walk, -year, -year + 1, str(year)) if year >= 2020 else None

    def read(self, window: Window, context: ReadContext) -> AsyncGenerator[Item]:
        raise NotImplementedError

    async def read_one(self, upstream_id: str, context: ReadContext) -> Sequence[Item]:
        raise NotImplementedError

    async def close(self) -> None:
        """Nothing to close."""


def test_what_is_left_of_a_backfill_is_told_with_an_estimate() -> None:
    seconds = 100.0
    clock = BackfillEstimator(Years(), clock=lambda: seconds)
    assert clock.left(None, NOW) == BackfillLeft(years=7, seconds=7 * 3600), (
        "by the budget: seven hours for seven years"
    )
    assert clock.left(-2022, NOW) == BackfillLeft(years=3, seconds=3 * 3600)
    seconds += 60
    clock.stored(-2026, NOW)
    assert clock.left(-2025, NOW) == BackfillLeft(years=6, seconds=360), "by the year that was read"
    for _ in range(9):
        seconds += 20
        clock.stored(-2025, NOW)
    assert clock.left(-2020, NOW) == BackfillLeft(years=1, seconds=20), "by the last few"
    assert clock.left(-2019, NOW) is None


class Turns(Years):
    """Which goes through its two years twice: lists, then details."""

    def next_window(self, walk: Walk, position: int | None, now: datetime) -> Window | None:
        at = position or 0
        if at >= 4:
            return None
        detail = {"year": str(2026 - at % 2)} | ({"step": "details"} if at >= 2 else {})
        return Window(walk, at, at + 1, f"window {at}", detail)


def test_quick_lists_do_not_make_a_backfill_look_short() -> None:
    seconds = 0.0
    clock = BackfillEstimator(Turns(), clock=lambda: seconds)
    assert clock.left(0, NOW) == BackfillLeft(years=2, seconds=7 * 3600)
    seconds += 5
    clock.stored(0, NOW)
    assert clock.left(1, NOW) == BackfillLeft(years=2, seconds=5 + 2 * 7 * 900), "details by the budget"
    seconds += 5
    clock.stored(1, NOW)
    seconds += 600
    clock.stored(2, NOW)
    assert clock.left(3, NOW) == BackfillLeft(years=1, seconds=600), "by what details took"
