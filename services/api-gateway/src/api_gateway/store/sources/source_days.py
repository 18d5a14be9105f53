"""A source's past by day: what its recorded states come to."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from legis.domain.brasilia_time import day_start, local_day

from api_gateway.store.sources.source_state import SourceState

DAYS = 90
LONG_ENOUGH = 300
"""Seconds that a state must have lasted to mark its day: a restart is no outage."""

_GRAVEST_LAST = (
    SourceState.FRESH, SourceState.PARTIAL, SourceState.STALE, SourceState.UNKNOWN, SourceState.BLOCKED,
)  # fmt: skip
_CURRENT = (SourceState.FRESH, SourceState.PARTIAL)


@dataclass(frozen=True, slots=True)
class StateSince:
    """A state, and the instant at which it began."""

    state: SourceState
    at: datetime


@dataclass(frozen=True, slots=True)
class Day:
    """One day, in Brasília's calendar: the gravest state that lasted LONG_ENOUGH, else the longest; None where none is
    recorded. `seconds` are those whose state is known, `seconds_current` those of them that were FRESH or PARTIAL.
    """

    date: date
    state: SourceState | None
    seconds: int
    seconds_current: int


def days_of(history: Sequence[StateSince], now: datetime) -> list[dict[str, Any]]:
    """The last DAYS days, oldest first, of which the last is that of `now`, counted up to the last full minute: a
    figure that ran with the seconds would be new content at every look. `history` is in order of time.
    """
    today = local_day(now)
    until = now.replace(second=0, microsecond=0)
    days = [today - timedelta(days=back) for back in reversed(range(DAYS))]
    lasted: dict[date, dict[SourceState, float]] = {day: {} for day in days}
    begins = [*(one.at for one in history), until]
    for one, (begin, end) in zip(history, pairwise(begins), strict=True):
        for day, seconds in _parts(max(begin, day_start(days[0])), min(end, until)):
            lasted[day][one.state] = lasted[day].get(one.state, 0) + seconds
    return [asdict(_day(day, lasted[day])) for day in days]


def _parts(begin: datetime, end: datetime) -> Iterator[tuple[date, float]]:
    """The days from `begin` to `end`, each with its seconds between the two."""
    while begin < end:
        day = local_day(begin)
        until = min(end, day_start(day + timedelta(days=1)))
        yield day, (until - begin).total_seconds()
        begin = until


def _day(day: date, lasted: Mapping[SourceState, float]) -> Day:
    current = sum(lasted.get(state, 0) for state in _CURRENT)
    return Day(day, _marking(lasted), round(sum(lasted.values())), round(current))


def _marking(lasted: Mapping[SourceState, float]) -> SourceState | None:
    long = [state for state, seconds in lasted.items() if seconds >= LONG_ENOUGH]
    if long:
        return max(long, key=_GRAVEST_LAST.index)
    return max(lasted, key=lambda state: lasted[state], default=None)
