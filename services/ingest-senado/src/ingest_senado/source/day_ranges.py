"""Splits stretches of days into those that the Senado's services accept."""

from collections.abc import Iterator
from datetime import date, timedelta


def months_of(first: date, last: date) -> Iterator[tuple[date, date]]:
    """The months from `first` to `last`, both included, the first and last of them cut there."""
    begin = first
    while begin <= last:
        after = (begin.replace(day=1) + timedelta(days=32)).replace(day=1)
        yield begin, min(after - timedelta(days=1), last)
        begin = after


def stretches(first: date, last: date, days: int) -> Iterator[tuple[date, date]]:
    """Stretches of at most `days` days from `first` to `last`, both included."""
    begin = first
    while begin <= last:
        end = min(begin + timedelta(days=days - 1), last)
        yield begin, end
        begin = end + timedelta(days=1)
