from datetime import UTC, date, datetime, timedelta

from api_gateway.store.sources.source_days import DAYS, StateSince, days_of
from api_gateway.store.sources.source_state import SourceState

NOW = datetime(2026, 11, 28, 15, 0, tzinfo=UTC)  # noon in Brasília


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """An instant of November 2026, in Brasília's time."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC) + timedelta(hours=3)


def test_a_day_without_a_record_is_not_called_good() -> None:
    days = days_of([], NOW)
    assert len(days) == DAYS
    assert (days[0]["date"], days[-1]["date"]) == (date(2026, 8, 31), date(2026, 11, 28))
    assert {(one["state"], one["seconds"], one["seconds_current"]) for one in days} == {(None, 0, 0)}


def test_states_are_summed_up_by_the_days_of_brasilia() -> None:
    history = [
        StateSince(SourceState.FRESH, at(26, 12)),
        StateSince(SourceState.STALE, at(26, 23)),
        StateSince(SourceState.PARTIAL, at(27, 1)),
    ]
    before, *days = days_of(history, NOW)[-4:]
    assert before["state"] is None
    assert [(one["state"], one["seconds"], one["seconds_current"]) for one in days] == [
        ("STALE", 12 * 3600, 11 * 3600),
        ("STALE", 24 * 3600, 23 * 3600),
        ("PARTIAL", 12 * 3600, 12 * 3600),
    ]


def test_a_restart_does_not_mark_a_day_and_an_outage_does() -> None:
    short = [
        StateSince(SourceState.FRESH, at(27, 0)),
        StateSince(SourceState.UNKNOWN, at(27, 9)),
        StateSince(SourceState.FRESH, at(27, 9, 4)),
    ]
    assert days_of(short, NOW)[-2]["state"] == "FRESH"
    long = [*short[:2], StateSince(SourceState.FRESH, at(27, 9, 5))]
    assert days_of(long, NOW)[-2]["state"] == "UNKNOWN"


def test_what_began_before_the_first_day_counts_from_it() -> None:
    days = days_of([StateSince(SourceState.BLOCKED, NOW - timedelta(days=400))], NOW)
    assert {one["state"] for one in days} == {"BLOCKED"}
    assert days[0]["seconds"] == 86_400


def test_a_day_that_has_just_begun_has_the_state_of_its_first_minutes() -> None:
    midnight = at(28, 0, 2)
    days = days_of([StateSince(SourceState.FRESH, at(28, 0))], midnight)
    assert (days[-1]["state"], days[-1]["seconds"]) == ("FRESH", 120)


def test_today_is_counted_by_whole_minutes() -> None:
    history = [StateSince(SourceState.FRESH, NOW - timedelta(days=1)), StateSince(SourceState.STALE, NOW)]
    first, *others = [days_of(history, NOW + timedelta(seconds=second)) for second in range(60)]
    assert all(one == first for one in others)
    assert (first[-1]["state"], first[-1]["seconds"]) == ("FRESH", 12 * 3600)
    assert days_of(history, NOW + timedelta(seconds=60))[-1]["seconds"] == 12 * 3600 + 60
