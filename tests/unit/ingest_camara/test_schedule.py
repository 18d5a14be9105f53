"""When each walk is due, and from where to where it reads."""

from datetime import UTC, date, datetime, timedelta

import pytest
from ingest_camara import budget
from ingest_camara.settings import CamaraSettings
from ingest_camara.source.schedule import days_of, next_window, years_of
from legis.clock import epoch_micros, instant_of
from legis.events import Walk
from legis.ingest.budget_report import table

SETTINGS = CamaraSettings(poll_interval_seconds=900, backfill_from_year=1934)
NOON = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)  # a Friday, noon in Brasília
NIGHT = datetime(2026, 11, 21, 7, 0, tzinfo=UTC)  # four in the morning there
SUNDAY_NIGHT = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
NONE = timedelta(0)


def ago(now: datetime, **delta: float) -> int:
    return epoch_micros(now - timedelta(**delta))


def test_the_first_look_takes_today() -> None:
    window = next_window(SETTINGS, Walk.INCREMENTAL, None, NOON)
    assert window is not None
    assert window.label == "2026-11-20..2026-11-20"
    assert window.hi == epoch_micros(NOON)
    assert window.lo == epoch_micros(datetime(2026, 11, 20, 3, 0, tzinfo=UTC))


def test_a_look_is_due_after_the_interval_and_begins_where_the_last_ended() -> None:
    assert next_window(SETTINGS, Walk.INCREMENTAL, ago(NOON, minutes=14), NOON) is None
    position = ago(NOON, minutes=15)
    window = next_window(SETTINGS, Walk.INCREMENTAL, position, NOON)
    assert window is not None
    assert (window.lo, window.hi) == (position, epoch_micros(NOON))


def test_a_window_over_midnight_takes_both_days_of_brasilia() -> None:
    now = datetime(2026, 11, 21, 3, 5, tzinfo=UTC)  # five past midnight there
    window = next_window(SETTINGS, Walk.INCREMENTAL, ago(now, minutes=20), now)
    assert window is not None
    assert days_of(window, NONE) == ((date(2026, 11, 20), date(2026, 11, 21)),)


def test_after_an_outage_the_days_are_caught_up_in_stretches_without_a_gap() -> None:
    position = ago(NOON, days=17)
    days: list[tuple[date, date]] = []
    for _ in range(10):
        window = next_window(SETTINGS, Walk.INCREMENTAL, position, NOON)
        if window is None:
            break
        assert window.lo == position
        days.extend(days_of(window, NONE))
        position = window.hi
    assert days == [
        (date(2026, 11, 3), date(2026, 11, 10)),
        (date(2026, 11, 10), date(2026, 11, 17)),
        (date(2026, 11, 17), date(2026, 11, 20)),
    ]


def test_upstreams_day_counts_where_the_clocks_differ() -> None:
    now = datetime(2026, 11, 21, 2, 55, tzinfo=UTC)  # 23:55 there
    window = next_window(SETTINGS, Walk.INCREMENTAL, ago(now, minutes=20), now)
    assert window is not None
    assert days_of(window, timedelta(minutes=10)) == ((date(2026, 11, 20), date(2026, 11, 21)),)
    after = datetime(2026, 11, 21, 3, 25, tzinfo=UTC)
    window = next_window(SETTINGS, Walk.INCREMENTAL, ago(after, minutes=20), after)
    assert window is not None
    assert days_of(window, timedelta(hours=-1)) == ((date(2026, 11, 20), date(2026, 11, 21)),)


@pytest.mark.parametrize("offset", [timedelta(days=-100), timedelta(days=100)])
def test_clocks_that_are_days_apart_give_a_stretch_each(offset: timedelta) -> None:
    window = next_window(SETTINGS, Walk.INCREMENTAL, ago(NOON, minutes=20), NOON)
    assert window is not None
    there = (NOON + offset).date()
    assert days_of(window, offset) == ((date(2026, 11, 20), date(2026, 11, 20)), (there, there))


@pytest.mark.parametrize(
    ("position", "now", "due"),
    [
        (None, NOON, False),
        (None, NIGHT, True),
        (ago(NIGHT, hours=2), NIGHT, False),
        (ago(NIGHT, hours=23), NIGHT, True),
        (ago(NOON, hours=9), NOON, False),
        (ago(NOON, hours=30), NOON, True),  # last night was missed
    ],
)
def test_the_last_days_are_read_again_at_night(position: int | None, now: datetime, due: bool) -> None:
    window = next_window(SETTINGS, Walk.OVERLAP, position, now)
    assert (window is not None) == due
    if window is not None:
        assert days_of(window, NONE)[0][0] <= (now - timedelta(days=3)).date()
        assert window.hi == epoch_micros(now)


@pytest.mark.parametrize(
    ("position", "now", "due"),
    [
        (None, NOON, False),
        (None, NIGHT, False),
        (None, SUNDAY_NIGHT, True),
        (ago(NOON, days=6), NOON, False),
        (ago(NOON, days=7), NOON, True),
    ],
)
def test_files_are_compared_once_a_week(position: int | None, now: datetime, due: bool) -> None:
    window = next_window(SETTINGS, Walk.RECONCILE, position, now)
    assert (window is not None) == due
    if window is not None:
        assert years_of(window)[:5] == (2026, 2025, 2024, 2023, 2022)
        assert 6 <= len(years_of(window)[5:]) <= 7, "an older year in thirteen"
        assert window.lo < window.hi


def test_the_backfill_goes_back_year_by_year_while_its_position_rises() -> None:
    settings = CamaraSettings(backfill_from_year=2024)
    position: int | None = None
    years: list[int] = []
    positions: list[int] = []
    for _ in range(10):
        window = next_window(settings, Walk.BACKFILL, position, NOON)
        if window is None:
            break
        assert position is None or window.lo == position
        years += years_of(window)
        position = window.hi
        positions.append(position)
    assert years == [2026, 2025, 2024]
    assert positions == sorted(positions)
    assert len(positions) == 3


def test_people_are_read_once_a_day() -> None:
    window = next_window(SETTINGS, Walk.PEOPLE, None, NOON)
    assert window is not None
    assert window.lo < window.hi == epoch_micros(NOON)
    assert next_window(SETTINGS, Walk.PEOPLE, window.hi, NOON + timedelta(hours=23)) is None
    again = next_window(SETTINGS, Walk.PEOPLE, window.hi, NOON + timedelta(hours=24))
    assert again is not None
    assert again.lo == window.hi


def test_people_of_older_legislatures_are_read_by_lists_first_then_by_histories() -> None:
    settings = CamaraSettings(backfill_from_year=2019)
    position: int | None = None
    found: list[tuple[str, str]] = []
    while (window := next_window(settings, Walk.PEOPLE_BACKFILL, position, NOON)) is not None:
        assert position is None or window.lo == position
        assert window.lo < window.hi
        found.append((window.detail["step"], window.detail["year"]))
        position = window.hi
    years = [str(year) for year in range(2026, 2018, -1)]
    assert found == [(step, year) for step in ("lists", "histories") for year in years]
    first = next_window(settings, Walk.PEOPLE_BACKFILL, None, NOON)
    assert first is not None
    assert first.lo == -2026, "the store accepts a first position up to minus this year"
    assert next_window(CamaraSettings(backfill=False), Walk.PEOPLE_BACKFILL, None, NOON) is None


def test_the_backfill_can_be_switched_off() -> None:
    off = CamaraSettings(backfill=False)
    assert next_window(off, Walk.BACKFILL, None, NOON) is None
    assert Walk.BACKFILL not in [plan.walk for plan in budget.plans(off, 2026)]
    assert next_window(SETTINGS, Walk.VOTES, None, NOON) is None


def test_years_that_were_left_are_asked_for_every_day() -> None:
    window = next_window(SETTINGS, Walk.YEARS, None, NIGHT)
    assert window is not None
    day = timedelta(days=1)
    assert next_window(SETTINGS, Walk.YEARS, window.hi, NIGHT + day - timedelta(seconds=1)) is None
    assert next_window(SETTINGS, Walk.YEARS, window.hi, NIGHT + day) is not None
    assert next_window(CamaraSettings(backfill=False), Walk.YEARS, None, NIGHT) is None


def test_positions_are_exact_moments() -> None:
    assert instant_of(epoch_micros(NOON)) == NOON


def test_the_budget_fits_the_polite_limit() -> None:
    plans = budget.plans(SETTINGS, 2026)
    bills = [Walk.INCREMENTAL, Walk.OVERLAP, Walk.BACKFILL, Walk.RECONCILE, Walk.YEARS]
    assert [plan.walk for plan in plans][: len(bills)] == bills
    for plan in plans:
        assert plan.hours_at_polite_limit == pytest.approx(plan.requests / 8 / 3600, abs=0.001)
        if plan.every:
            assert plan.hours_at_polite_limit * 3600 < plan.every.total_seconds() / 2
    backfill = plans[2]
    assert backfill.requests == (2026 - 1934 + 1) * 3
    text = table(plans, 8)
    assert all(f"{plan.walk.value} " in text and f"{plan.requests:,}" in text for plan in plans)


def test_settings() -> None:
    settings = CamaraSettings(camara_types=" pl, PEC ,,", camara_base_url="http://x/")
    assert settings.types == {"PL", "PEC"}
    assert settings.camara_base_url == "http://x"
    assert CamaraSettings().types == frozenset()
