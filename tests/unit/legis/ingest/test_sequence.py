"""Read sequences rise whatever the clock does."""

from datetime import UTC, datetime, timedelta

from legis.clock import epoch_micros
from legis.ingest.sequence import ReadSequence

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


def test_numbers_rise_while_the_clock_stands_still() -> None:
    sequence = ReadSequence(lambda: NOON)

    numbers = [sequence.next() for _ in range(5)]

    assert numbers == sorted(set(numbers))
    assert numbers[0] == epoch_micros(NOON)


def test_numbers_rise_when_the_clock_steps_back() -> None:
    times = iter([NOON, NOON - timedelta(hours=3), NOON - timedelta(days=1)])
    sequence = ReadSequence(lambda: next(times))

    numbers = [sequence.next() for _ in range(3)]

    assert numbers == sorted(set(numbers))


def test_what_is_stored_is_never_repeated_after_a_restart() -> None:
    stored = epoch_micros(NOON + timedelta(days=2))
    sequence = ReadSequence(lambda: NOON)

    sequence.raise_to(stored)

    assert sequence.next() > stored
