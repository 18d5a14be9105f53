"""The current time in UTC, replaceable in tests."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Now, as an aware instant in UTC."""
    return datetime.now(UTC)


def epoch_micros(instant: datetime) -> int:
    """Whole microseconds between 1970-01-01T00:00Z and an aware instant; exact, unlike a float timestamp."""
    delta = instant - datetime(1970, 1, 1, tzinfo=UTC)
    return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds


def instant_of(micros: int) -> datetime:
    """The instant so many microseconds after 1970-01-01T00:00Z: the inverse of `epoch_micros`."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros)
