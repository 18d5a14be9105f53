"""When votings and events are read: polls, the files at night, years back, and agendas month by month."""

from datetime import UTC, date, datetime, timedelta

import pytest
from ingest_camara import budget
from ingest_camara.settings import CamaraSettings
from ingest_camara.source.agenda.agenda_schedule import days_around, month_of
from ingest_camara.source.schedule import next_window
from ingest_camara.source.votings.votings_schedule import days_of, files_of, within_years
from legis.clock import epoch_micros
from legis.events import Walk

SETTINGS = CamaraSettings(backfill_from_year=1934)
NOON = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
FOUR = datetime(2026, 11, 20, 7, 0, tzinfo=UTC)  # four in the morning in Brasília
POLLS = pytest.mark.parametrize("walk", [Walk.VOTINGS, Walk.AGENDA])


@POLLS
def test_a_poll_is_due_after_its_interval(walk: Walk) -> None:
    first = next_window(SETTINGS, walk, None, NOON)
    assert first is not None
    assert days_of(first) == (date(2026, 11, 20), date(2026, 11, 20))
    assert first.lo < first.hi == epoch_micros(NOON)
    assert next_window(SETTINGS, walk, first.hi, NOON + timedelta(seconds=1799)) is None
    again = next_window(SETTINGS, walk, first.hi, NOON + timedelta(seconds=1800))
    assert again is not None
    assert again.lo == first.hi


@POLLS
def test_the_files_are_read_by_the_poll_after_four(walk: Walk) -> None:
    def files(begin: datetime, end: datetime) -> tuple[int, ...]:
        window = next_window(SETTINGS, walk, epoch_micros(begin), end)
        assert window is not None
        return files_of(window)

    half = timedelta(minutes=30)
    assert files(FOUR - half, FOUR) == (2026,)
    assert files(FOUR - half - half, FOUR - half) == ()
    assert files(FOUR, FOUR + half) == (), "once a night"
    assert files(FOUR - timedelta(days=3), FOUR - half) == (2026,), "a night was missed"
    new_year = datetime(2027, 1, 1, 7, 10, tzinfo=UTC)
    assert files(new_year - half, new_year) == (2026,), "the files end with the night before"
    first = next_window(SETTINGS, walk, None, FOUR + half)
    assert first is not None
    assert files_of(first) == (), "the backfill reads them"


@POLLS
def test_an_outage_is_caught_up_in_stretches(walk: Walk) -> None:
    position = epoch_micros(NOON - timedelta(days=150))
    days = []
    while (window := next_window(SETTINGS, walk, position, NOON)) is not None:
        assert window.lo == position
        days.append(days_of(window))
        position = window.hi
    assert [(last - first).days for first, last in days] == [60, 60, 30]
    assert days[0][1] == days[1][0]


def test_lists_of_votings_do_not_cross_a_year() -> None:
    parts = list(within_years(date(2025, 12, 29), date(2026, 1, 2)))
    assert parts == [(date(2025, 12, 29), date(2025, 12, 31)), (date(2026, 1, 1), date(2026, 1, 2))]


def test_the_days_of_an_agenda() -> None:
    assert days_around(date(2026, 11, 20), date(2026, 11, 20)) == (date(2026, 11, 13), date(2027, 1, 4))


def test_years_go_back_to_the_oldest_file() -> None:
    position, years = None, []
    while (window := next_window(SETTINGS, Walk.VOTINGS_BACKFILL, position, NOON)) is not None:
        years += files_of(window)
        position = window.hi
        assert (window.lo, window.hi) == (-years[-1], -years[-1] + 1)
    assert years == list(range(2026, 1934, -1))


def test_agendas_follow_the_files_and_end_at_their_own_year() -> None:
    settings = CamaraSettings(backfill_from_year=1934, camara_agendas_from_year=2024)
    position, years, months = None, [], []
    while (window := next_window(settings, Walk.AGENDA_BACKFILL, position, NOON)) is not None:
        assert position is None or window.lo == position < window.hi
        years += files_of(window)
        if (days := month_of(window)) is not None:
            months.append(days)
        position = window.hi
    assert years == list(range(2026, 1990, -1))
    assert months[0] == (date(2026, 11, 1), date(2026, 11, 30))
    assert months[-1] == (date(2024, 1, 1), date(2024, 1, 31))
    assert len(months) == 11 + 12 + 12
    assert (date(2024, 2, 1), date(2024, 2, 29)) in months


def test_months_go_on_where_they_were_when_a_month_has_begun_since() -> None:
    settings = CamaraSettings(camara_agendas_from_year=2024)
    window = next_window(settings, Walk.AGENDA_BACKFILL, -1990, NOON)
    assert window is not None
    later = next_window(settings, Walk.AGENDA_BACKFILL, window.hi, NOON + timedelta(days=60))
    assert later is not None
    assert later.detail["month"] == "2026-10-01", "the polls have the months since"


def test_without_a_backfill_there_is_none() -> None:
    off = CamaraSettings(backfill=False)
    for walk in (Walk.VOTINGS_BACKFILL, Walk.AGENDA_BACKFILL):
        assert next_window(off, walk, None, NOON) is None
        assert walk not in [plan.walk for plan in budget.plans(off, 2026)]
    assert next_window(off, Walk.VOTINGS, None, NOON) is not None


def test_the_budget_is_that_of_the_design() -> None:
    plans = {plan.walk: plan for plan in budget.plans(CamaraSettings(), 2026)}
    assert {Walk.VOTINGS, Walk.VOTINGS_BACKFILL, Walk.AGENDA, Walk.AGENDA_BACKFILL} <= plans.keys()
    a_day = sum(plans[walk].requests * timedelta(days=1) / plans[walk].every for walk in (Walk.VOTINGS, Walk.AGENDA))
    assert a_day < 7_000
    assert 4 <= plans[Walk.AGENDA_BACKFILL].hours_at_polite_limit < 4.2
