"""The timetable of people, votings and agendas: what is due when, and how the years go back."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from ingest_senado.settings import SenadoSettings
from ingest_senado.source.day_ranges import months_of, stretches
from ingest_senado.source.record_windows import RecordWindows
from ingest_senado.vocabulary.legislatures import begin_of, legislature_of
from legis.clock import epoch_micros
from legis.events import YEARLY_WALKS, Walk

NOW = datetime(2026, 11, 23, 15, 20, tzinfo=UTC)


def windows(**values: object) -> RecordWindows:
    return RecordWindows.of(SenadoSettings.model_validate(values))


def walk_back(walk: Walk, **values: object) -> list[tuple[int, int, str]]:
    found, position = [], None
    while (window := windows(**values).next_window(walk, position, NOW)) is not None:
        assert position is None or window.lo == position, "no year is left out"
        assert window.hi > window.lo
        position = window.hi
        found.append((window.lo, window.hi, window.label))
    return found


def test_legislatures_go_back_one_by_one() -> None:
    found = walk_back(Walk.PEOPLE_BACKFILL)
    assert found[:2] == [(-2026, -2019, "legislature 57"), (-2019, -2015, "legislature 56")]
    assert found[-1] == (-1951, -1947, "legislature 39")
    assert [label for *_, label in walk_back(Walk.PEOPLE_BACKFILL, backfill_from_year=2017)][-1] == "legislature 55"


@pytest.mark.parametrize(("walk", "oldest"), [(Walk.VOTINGS_BACKFILL, 1991), (Walk.AGENDA_BACKFILL, 2001)])
def test_years_go_back_to_the_first_one_that_upstream_has(walk: Walk, oldest: int) -> None:
    found = walk_back(walk)
    assert found[0][:2] == (-2026, -2025)
    assert found[-1][:2] == (-oldest, 1 - oldest)
    assert walk_back(walk, backfill_from_year=2020)[-1][0] == -2020


@pytest.mark.parametrize("walk", [Walk.PEOPLE_BACKFILL, Walk.VOTINGS_BACKFILL, Walk.AGENDA_BACKFILL])
def test_a_backfill_that_is_not_wanted_has_no_window(walk: Walk) -> None:
    assert walk_back(walk, backfill=False) == []


@pytest.mark.parametrize(("walk", "seconds"), [(Walk.AGENDA, 600), (Walk.VOTINGS, 1800), (Walk.PEOPLE, 86_400)])
def test_looks_wait_for_their_period(walk: Walk, seconds: int) -> None:
    first = windows().next_window(walk, None, NOW)
    assert first is not None
    assert (first.lo, first.hi) == (0, epoch_micros(NOW))
    soon, later = (NOW + timedelta(seconds=seconds + more) for more in (-1, 0))
    assert windows().next_window(walk, first.hi, soon) is None
    assert windows().next_window(walk, first.hi, later) is not None


def test_other_walks_have_no_window_here() -> None:
    assert windows().next_window(Walk.INCREMENTAL, None, NOW) is None


@pytest.mark.parametrize(
    ("day", "number"),
    [(date(2026, 11, 23), 57), (date(2027, 1, 31), 57), (date(2027, 2, 1), 58), (date(2015, 10, 21), 55),
     (date(1991, 2, 1), 49), (date(1951, 6, 1), 39)],
)  # fmt: skip
def test_numbers_of_legislatures(day: date, number: int) -> None:
    assert legislature_of(day) == number
    assert begin_of(number) <= day.year


def test_stretches_touch_and_do_not_overlap() -> None:
    first, last = date(2026, 11, 16), date(2027, 1, 2)
    for found, most in ((list(months_of(first, last)), 31), (list(stretches(first, last, 30)), 30)):
        assert (found[0][0], found[-1][1]) == (first, last)
        assert all((end - begin).days < most for begin, end in found)
        assert all(after[0] - before[1] == timedelta(days=1) for before, after in pairwise(found))
    assert [str(begin) for begin, _ in months_of(first, last)] == ["2026-11-16", "2026-12-01", "2027-01-01"]


@pytest.mark.parametrize("walk", [Walk.PEOPLE_BACKFILL, Walk.VOTINGS_BACKFILL, Walk.AGENDA_BACKFILL])
def test_a_backfill_begins_with_the_current_year(walk: Walk) -> None:
    """The store creates a checkpoint only for such a window: an older one may be from before a restore."""
    assert walk in YEARLY_WALKS
    assert walk_back(walk)[0][0] == -NOW.year
