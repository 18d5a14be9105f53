"""`Source`: what a chamber must provide to the ingest engine."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from legis.domain.bill import Bill, Provenance
from legis.domain.vocabulary import ReadingPart, Source
from legis.errors import RecordRejected
from legis.events import Walk


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of one walk that is read, published and counted as a whole.

    `lo` and `hi` are positions on the walk's own scale, compared only with each other; reaching `hi` means that
    everything before it is stored. `label` is for people: `2026-11-20..2026-11-23`, `bulk 1998`.
    """

    walk: Walk
    lo: int
    hi: int
    label: str
    detail: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WalkPlan:
    """When a walk is due, and what it costs: one row of the request budget."""

    walk: Walk
    every: timedelta
    purpose: str
    requests: int
    hours_at_polite_limit: float


@dataclass(frozen=True, slots=True)
class Reading:
    """One record as read. `marks` are the fingerprints to remember once it is stored, by part."""

    bill: Bill
    provenance: Provenance
    part: ReadingPart
    read_seq: int
    marks: Mapping[ReadingPart, str]
    traceparent: str | None = None


@dataclass(frozen=True, slots=True)
class YearSeen:
    """Every id that the source's own list of a year held. See `legis.events.YearSighted`."""

    year: int
    upstream_ids: tuple[str, ...]
    url: str
    fetched_at: datetime
    read_seq: int
    selective: bool = False


@dataclass(frozen=True, slots=True)
class Absence:
    """The source answered 404 for one record that it was asked for."""

    upstream_id: str
    url: str
    fetched_at: datetime
    read_seq: int


@dataclass(frozen=True, slots=True)
class YearOutcome:
    """That the list of a year could not be had, and why; or, without a reason, that a year that was left is read."""

    year: int
    reason: str | None
    read_seq: int


Item = Reading | RecordRejected | YearSeen | YearOutcome | Absence
"""What a window is made of."""


class ReadContext(Protocol):
    """What the engine lends a source while a window is read."""

    def next_seq(self) -> int:
        """A new read sequence; take it *before* asking upstream for the record."""

    def seen(self, upstream_id: str, part: ReadingPart) -> str | None:
        """Fingerprint of the stored reading of that part, if the memory of it is valid; call `prefetch` before."""

    async def prefetch(self, upstream_ids: list[str], part: ReadingPart) -> None:
        """Loads what `seen` will answer for these ids, in one round trip."""

    def progress(self, done: int, total: int | None) -> None:
        """Tells operators how far the window has been read."""

    async def years_not_read(self) -> tuple[int, ...]:
        """Years that the store waits for, newest first. Raises StreamUnavailable while that cannot be told."""


class SourceAdapter(Protocol):
    """A chamber's API behind one door."""

    name: Source

    def plans(self) -> tuple[WalkPlan, ...]:
        """Every walk of this source with its period and its budget; order is priority."""

    def next_window(self, walk: Walk, position: int | None, now: datetime) -> Window | None:
        """The next window of a walk that stands at `position` (None: never begun), or None when nothing is due.

        Pure: no I/O, no clock.
        """

    def read(self, window: Window, context: ReadContext) -> AsyncGenerator[Item]:
        """Every record of the window that may be new, in any order, each once, and what lists of whole years held.

        A record that does not fit, or that upstream refuses or never gives, is yielded as RecordRejected, not raised;
        a year whose list cannot be had as YearOutcome. Unchanged records (by `context.seen`) are left out. Raises
        RetryableError when the window cannot be finished (it will be read again from its start) and PermanentError when
        trying again cannot help.
        """

    async def read_one(self, upstream_id: str, context: ReadContext) -> Sequence[Item]:
        """One record as the source has it now, whole, whether or not the same is stored; Absence where it has none.

        Raises RetryableError when that cannot be told now, PermanentError when it cannot be asked.
        """

    async def close(self) -> None:
        """Closes connections."""
