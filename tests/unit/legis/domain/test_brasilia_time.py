"""Zoneless local times of the chambers, read as Brasília's."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from time import process_time
from timeit import timeit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from legis.domain.brasilia_time import ZONE, LocalTime, day_start, local_day, parse_local


@pytest.mark.parametrize(
    ("text", "day", "at"),
    [
        ("2020-07-03", "2020-07-03", None),
        ("2020-07-03T00:00", "2020-07-03", None),
        ("2024-02-06T00:00:00", "2024-02-06", None),
        ("2024-02-06 00:00:00.0", "2024-02-06", None),
        ("2020-07-03T10:11", "2020-07-03", "2020-07-03T13:11:00"),
        ("2026-07-14T15:50:50.286", "2026-07-14", "2026-07-14T18:50:50.286"),
        ("2026-07-01T10:27:23.914000", "2026-07-01", "2026-07-01T13:27:23.914"),
        ("2024-02-06 10:38:56", "2024-02-06", "2024-02-06T13:38:56"),
        ("2024-02-06 23:38:56", "2024-02-06", "2024-02-07T02:38:56"),
        ("04/06/2019 07:25:04", "2019-06-04", "2019-06-04T10:25:04"),
        ("11/02/2019 12:01:00", "2019-02-11", "2019-02-11T14:01:00"),  # the last summer time
        ("31/12/2018", "2018-12-31", None),
        (" 2020-07-03T10:11 ", "2020-07-03", "2020-07-03T13:11:00"),
        ("1913-12-31T12:00", "1913-12-31", "1913-12-31T15:06:28"),  # the sun's time at São Paulo
        ("1914-06-01T12:00", "1914-06-01", "1914-06-01T15:00:00"),
    ],
)
def test_every_layout_of_both_chambers_is_read(text: str, day: str, at: str | None) -> None:
    instant = datetime.fromisoformat(at).replace(tzinfo=UTC) if at else None
    assert parse_local(text) == LocalTime(date.fromisoformat(day), instant, False, text)


@pytest.mark.parametrize("text", [None, "", "  ", "\r\n"])
def test_nothing_is_nothing(text: str | None) -> None:
    assert parse_local(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "yesterday",
        "2020-02-30",
        "2020-13-01T00:00",
        "0000-00-00",
        "31/02/2020",
        "2020-W01-1",
        "20200703",
        "2020-07-03T24:00",
        "2020-07-03T10:11:60",
        "2020-07-03T10:11Z",
        "2020-07-03T10:11-03:00",
        "2020-07-03T10",
        "2020-07-03T10:11:12.1234567",
        "2020-07-03 10:11:12 extra",
        "٢٠٢٠-٠٧-٠٣",
        "9999-12-31T23:59",
    ],
)
def test_what_cannot_be_read_is_an_error(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the standard library's own messages differ by cause
        parse_local(text)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2018-02-17T23:30", "2018-02-18T01:30:00"),  # shown twice; the first time counts
        ("2018-11-04T00:30", "2018-11-04T03:30:00"),  # never shown: clocks went from 00:00 to 01:00
    ],
)
def test_a_time_shown_twice_or_never_is_marked(text: str, at: str) -> None:
    local = parse_local(text)
    assert local is not None
    assert local.ambiguous
    assert local.at == datetime.fromisoformat(at).replace(tzinfo=UTC)


def test_a_midnight_that_never_was_is_still_that_day() -> None:
    """With the other reading of the gap the day would be 3 November."""
    local = parse_local("2018-11-04T00:00")
    assert local is not None
    assert (local.date, local.at, local.ambiguous) == (date(2018, 11, 4), None, True)
    assert day_start(date(2018, 11, 4)) == datetime(2018, 11, 4, 3, tzinfo=UTC)


def test_since_2019_the_clock_stands_three_hours_behind() -> None:
    for year in range(2020, 2027):
        for month in range(1, 13):
            local = parse_local(f"{year}-{month:02}-15T12:00")
            assert local is not None
            assert local.at == datetime(year, month, 15, 15, tzinfo=UTC)
            assert not local.ambiguous


@given(st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30)))
def test_reading_what_brasilia_shows_finds_the_instant(utc: datetime) -> None:
    instant = utc.replace(tzinfo=UTC)
    shown = instant.astimezone(ZONE)
    local = parse_local(shown.replace(tzinfo=None).isoformat())
    assert local is not None
    assert local.date == shown.date() == local_day(instant)
    if local.at is not None and not local.ambiguous:
        assert local.at == instant


@given(st.dates())
def test_a_day_starts_on_itself_and_not_before(day: date) -> None:
    start = day_start(day)
    assert local_day(start) == day
    if day > date(1, 1, 1):
        assert local_day(start - timedelta(microseconds=1)) == day - timedelta(days=1)


def test_the_first_instant_of_the_calendar_has_a_day() -> None:
    assert local_day(datetime(1, 1, 1, tzinfo=UTC)) == date(1, 1, 1)


def test_reading_costs_no_more_than_a_few_calls_of_the_standard_parser() -> None:
    def seconds(read: Callable[[], object]) -> float:
        return min(timeit(read, number=2000, timer=process_time) for _ in range(5))

    read = parse_local.__wrapped__
    standard = seconds(lambda: datetime.strptime("2020-07-03T10:11:12", "%Y-%m-%dT%H:%M:%S"))
    assert seconds(lambda: read("2020-07-03")) < 3 * standard
    assert seconds(lambda: read("2020-07-03T10:11:12")) < 6 * standard
