"""Every year has its turn within a quarter, and the newest every week."""

from datetime import date, timedelta

from legis.ingest.years.reconciled_years import TURNS, reconciled_years


def test_every_year_has_its_turn() -> None:
    start = date(2026, 1, 4)
    turns = [reconciled_years(start + timedelta(weeks=week), 1934, newest=5) for week in range(TURNS)]
    assert set().union(*turns) == set(range(1934, 2027))
    older = [year for turn in turns for year in turn[5:]]
    assert sorted(older) == list(range(1934, 2022)), "each of the older ones once"
    assert all(turn[:5] == (2026, 2025, 2024, 2023, 2022) for turn in turns)


def test_nothing_before_the_oldest() -> None:
    assert reconciled_years(date(2026, 5, 1), 2024, newest=5) == (2026, 2025, 2024)
