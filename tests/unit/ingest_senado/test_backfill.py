"""The order of the first reading: lists of all years, then details; and that its positions only ever rise."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ingest_senado.source.backfill_walk import MAKES_NORMS, STEPS, Step, next_window, of_step, step_of, year_of
from ingest_senado.source.listing import Listed
from legis.domain.bill import Bill, Provenance
from legis.domain.identity.identifiers import bill_type

THIS_YEAR = 2026
NOW = datetime(2026, 11, 23, tzinfo=UTC)
Read = tuple[Step | None, int]


def walked(oldest: int, position: int | None = None, *, details: bool = True) -> tuple[list[Read], int | None]:
    """What is read from a position on, in order, and where the walk then stands."""
    found: list[Read] = []
    while (window := next_window(oldest, position, THIS_YEAR, details=details)) is not None:
        # the worker moves a checkpoint only from where it stands, and only upwards
        assert window.lo == (position if position is not None else -THIS_YEAR)
        assert window.hi > window.lo
        found.append((step_of(window), year_of(window)))
        position = window.hi
        assert len(found) < 1000
    return found, position


def years(oldest: int, step: Step | None, newest: int = THIS_YEAR) -> list[Read]:
    return [(step, year) for year in range(newest, oldest - 1, -1)]


@pytest.mark.parametrize("oldest", [1822, 1934, 2025, 2026])
def test_all_lists_come_first_then_bills_then_the_rest_each_from_the_newest_year(oldest: int) -> None:
    found, _ = walked(oldest)
    assert found == [read for step in (None, Step.BILLS, Step.OTHERS) for read in years(oldest, step)]


def test_without_details_it_ends_with_the_last_list() -> None:
    assert walked(2020, details=False) == (years(2020, None), -2019)
    assert walked(2020, -2019) == ([*years(2020, Step.BILLS), *years(2020, Step.OTHERS)], walked(2020)[1])


@given(st.integers(1822, THIS_YEAR), st.data())
def test_it_goes_on_from_wherever_it_stood(oldest: int, data: st.DataObject) -> None:
    whole, _ = walked(oldest)
    done = data.draw(st.integers(0, len(whole)))
    position: int | None = None
    for _ in range(done):
        window = next_window(oldest, position, THIS_YEAR, details=True)
        assert window is not None
        position = window.hi
    assert walked(oldest, position)[0] == whole[done:]


@pytest.mark.parametrize("position", [-2026, -2011, -1934, -1933])
def test_a_walk_in_the_order_of_before_reads_the_lists_that_are_left_and_then_all_details(position: int) -> None:
    found, _ = walked(1934, position)
    left = [] if position == -1933 else years(1934, None, -position)
    assert found == [*left, *years(1934, Step.BILLS), *years(1934, Step.OTHERS)]


@given(st.integers(1822, THIS_YEAR), st.integers(1822, THIS_YEAR))
def test_another_oldest_year_leaves_nothing_unread(first: int, then: int) -> None:
    _, position = walked(first)
    found, _ = walked(then, position)
    if then >= first:
        assert found == []
    else:
        assert {year for _, year in found} == set(range(then, THIS_YEAR + 1))
        assert {step for step, _ in found} == set(STEPS)  # each of them reads the rows of its years too


# 80 windows of details: two for each year, so that a walk down to 1986 or further back still has one.
@given(st.integers(1822, 1986), st.integers(1991, THIS_YEAR), st.integers(0, 80))
def test_a_newer_oldest_year_in_the_middle_only_ends_the_steps_sooner(oldest: int, then: int, into: int) -> None:
    position = 1 - oldest
    for _ in range(into):
        window = next_window(oldest, position, THIS_YEAR, details=True)
        assert window is not None
        position = window.hi
    left = [read for read in walked(oldest, position)[0] if read[1] >= then]
    assert walked(then, position)[0] == left


def listed(label: str, day: int | None) -> Listed:
    updated = None if day is None else datetime(2026, 11, day, tzinfo=UTC)
    code, number = label.split()
    bill = Bill(
        source="senado", upstream_id=number, identifier=label, type=bill_type(code), type_code=code,
        upstream_updated_at=updated,
    )  # fmt: skip
    return Listed(bill, "", Provenance(url="x", fetched_at=NOW, payload_sha256="0" * 64, parser_version="1"), 1)


def test_each_row_belongs_to_one_step_and_what_moved_last_comes_first() -> None:
    rows = [listed("RQS 1", 3), listed("PL 2", 2), listed("XYZ 3", None), listed("MPV 4", 9), listed("PEC 5", None)]
    assert [row.id for row in of_step(Step.BILLS, rows)] == ["4", "2", "5"]
    assert [row.id for row in of_step(Step.OTHERS, rows)] == ["1", "3"]


def test_requests_opinions_and_messages_make_no_norms() -> None:
    assert not MAKES_NORMS & {bill_type(code) for code in ("RQS", "REQ", "INC", "OFS", "MSF", "PAR", "VET", "EMS", "?")}
