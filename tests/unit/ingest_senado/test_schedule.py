"""The timetable: what is due when, over which days, and never at a round hour."""

from datetime import UTC, datetime, timedelta

import pytest
from ingest_senado.source.record_windows import RecordWindows
from ingest_senado.source.schedule import Schedule, near_round_hour
from legis.clock import epoch_micros
from legis.events import Walk

NOON = datetime(2026, 11, 23, 15, 20, tzinfo=UTC)  # 12:20 in Brasília
NIGHT = datetime(2026, 11, 23, 6, 20, tzinfo=UTC)  # 03:20


def schedule(*, backfill: bool = True, avoid: bool = True, since: int = 1934) -> Schedule:
    periods = dict.fromkeys((Walk.AGENDA, Walk.VOTINGS, Walk.PEOPLE), timedelta(minutes=10))
    records = RecordWindows(periods, since if backfill else None)
    return Schedule(timedelta(minutes=15), backfill, since, avoid, records=records)


def at(moment: datetime, **ago: float) -> int:
    return epoch_micros(moment - timedelta(**ago))


def test_the_backfill_goes_from_this_year_back() -> None:
    plan = schedule()
    first = plan.next_window(Walk.BACKFILL, None, NOON)
    assert first is not None
    assert (first.lo, first.hi, first.label) == (-2026, -2025, "ano 2026")
    second = plan.next_window(Walk.BACKFILL, first.hi, NOON)
    assert second is not None
    assert (second.lo, second.hi) == (-2025, -2024)


def test_a_backfill_that_is_not_wanted_has_no_window() -> None:
    assert schedule(backfill=False).next_window(Walk.BACKFILL, None, NOON) is None
    assert schedule(backfill=False).next_window(Walk.BACKFILL, 10**8, NOON) is None


def test_the_first_year_is_brasilias() -> None:
    window = schedule().next_window(Walk.BACKFILL, None, datetime(2027, 1, 1, 2, 30, tzinfo=UTC))
    assert window is not None
    assert window.lo == -2026


@pytest.mark.parametrize(
    ("ago", "days"),
    [
        ({"minutes": 15}, "1"),
        ({"hours": 12}, "1"),
        ({"hours": 13}, "2"),
        ({"days": 9}, "10"),
        ({"days": 40}, "30"),
    ],
)
def test_changes_cover_every_day_since_the_last_look(ago: dict[str, float], days: str) -> None:
    window = schedule().next_window(Walk.INCREMENTAL, at(NOON, **ago), NOON)
    assert window is not None
    assert window.detail["days"] == days
    assert window.hi == epoch_micros(NOON)
    assert ("in_progress" in window.detail) == (ago == {"days": 40})


def test_changes_wait_for_the_next_poll() -> None:
    assert schedule().next_window(Walk.INCREMENTAL, at(NOON, minutes=14), NOON) is None
    first = schedule().next_window(Walk.INCREMENTAL, None, NOON)
    assert first is not None
    assert first.lo == 0


@pytest.mark.parametrize("hour", [2, 3, 4])  # UTC: 23:20, 00:20, 01:20 in Brasília
def test_around_midnight_the_day_before_is_asked_for_too(hour: int) -> None:
    now = datetime(2026, 11, 23, hour, 20, tzinfo=UTC)
    window = schedule().next_window(Walk.INCREMENTAL, at(now, minutes=16), now)
    assert window is not None
    assert window.detail["days"] == "2"


@pytest.mark.parametrize("minute", ["12:00:00", "12:01:59", "11:58:30", "00:13:30", "00:16:30", "01:15:00"])
def test_round_hours_are_left_alone(minute: str) -> None:
    local = datetime.fromisoformat(f"2026-11-23T{minute}-03:00")
    assert near_round_hour(local)
    for walk in Walk:
        assert schedule().next_window(walk, None, local) is None
        assert schedule(avoid=False).next_window(walk, None, local) is not None


@pytest.mark.parametrize("minute", ["12:02:01", "12:57:59", "12:15:00", "00:20:00", "02:15:00"])
def test_other_minutes_are_free(minute: str) -> None:
    local = datetime.fromisoformat(f"2026-11-23T{minute}-03:00")
    assert not near_round_hour(local)
    assert schedule().pause(local) == timedelta(0)


@pytest.mark.parametrize(
    ("minute", "free"), [("11:59:00", "12:02:00"), ("12:01:59", "12:02:00"), ("01:14:00", "01:17:00")]
)
def test_a_pause_lasts_until_the_round_hour_is_over(minute: str, free: str) -> None:
    local, over = (datetime.fromisoformat(f"2026-11-23T{each}-03:00") for each in (minute, free))
    assert local + schedule().pause(local) == over
    assert schedule(avoid=False).pause(local) == timedelta(0)


@pytest.mark.parametrize(("walk", "period"), [(Walk.OVERLAP, 1), (Walk.RECONCILE, 7)])
def test_wide_looks_wait_for_the_night_but_not_for_ever(walk: Walk, period: int) -> None:
    plan = schedule()
    assert plan.next_window(walk, at(NIGHT, days=period), NIGHT) is not None
    assert plan.next_window(walk, at(NIGHT, days=period / 2), NIGHT) is None
    assert plan.next_window(walk, at(NOON, days=period), NOON) is None
    assert plan.next_window(walk, at(NOON, days=period, hours=7), NOON) is not None


def test_the_first_wide_look_says_so() -> None:
    window = schedule().next_window(Walk.RECONCILE, None, NOON)
    assert window is not None
    years = window.detail["years"].split(",")
    assert dict(window.detail) == {"days": "30", "first": "yes", "years": ",".join(years)}
    assert years[:2] == ["2026", "2025"]
    assert 6 <= len(years[2:]) <= 7, "an older year in thirteen"


def test_votings_are_due_by_day_too() -> None:
    assert schedule().next_window(Walk.VOTES, at(NOON, hours=21), NOON) is not None
    assert schedule().next_window(Walk.VOTES, at(NOON, hours=19), NOON) is None


def test_years_that_were_left_are_asked_for_every_day() -> None:
    assert schedule().next_window(Walk.YEARS, None, NOON) is not None
    assert schedule().next_window(Walk.YEARS, at(NOON, hours=23), NOON) is None
    assert schedule().next_window(Walk.YEARS, at(NOON, hours=24), NOON) is not None
