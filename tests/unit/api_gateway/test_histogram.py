"""What PostgreSQL knows of a column's dates, as instants that cut all bills into equal parts."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from api_gateway.store.histogram import equal_parts

DAYS = [datetime(2020, 1, 1, tzinfo=UTC) + timedelta(days=day) for day in range(11)]


def test_bounds_alone_are_the_parts() -> None:
    assert equal_parts(DAYS, [], []) == DAYS


def test_nothing_known_gives_nothing() -> None:
    assert equal_parts([], [], []) == []


def test_few_common_days_fill_the_parts_that_are_theirs() -> None:
    parts = equal_parts([], [DAYS[5], DAYS[0]], [0.7, 0.3])
    assert len(parts) == 101
    assert parts[:30] == [DAYS[0]] * 30
    assert parts[31:] == [DAYS[5]] * 70


def test_a_common_day_at_the_end_leaves_the_others_half_of_the_parts() -> None:
    parts = equal_parts(DAYS, [DAYS[10]], [0.5])
    assert parts == [DAYS[0], DAYS[2], DAYS[4], DAYS[6], DAYS[8], *[DAYS[10]] * 6]


@pytest.mark.parametrize("seed", range(20))
def test_each_part_holds_as_many(seed: int) -> None:
    """Against dates drawn at random, described as ANALYZE describes them."""
    dice = random.Random(seed)
    common = dice.sample(DAYS, dice.randrange(4))
    dates = sorted(
        dice.choice(common) if common and dice.random() < 0.5 else DAYS[0] + timedelta(days=10 * dice.random() ** 2)
        for _ in range(6000)
    )
    shares = [dates.count(day) / len(dates) for day in common]
    others = [date for date in dates if date not in common]
    bounds = [others[round(place * (len(others) - 1) / 50)] for place in range(51)]
    parts = equal_parts(bounds, common, shares)
    assert len(parts) == 51
    assert parts == sorted(parts)
    for place, at in enumerate(parts):
        up_to, below = sum(date <= at for date in dates), sum(date < at for date in dates)
        wanted = place * len(dates) / 50
        assert below - len(dates) / 50 <= wanted <= up_to + len(dates) / 50
