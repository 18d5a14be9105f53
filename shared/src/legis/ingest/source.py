"""`SourceAdapter`: the interface that a chamber's adapter provides to the ingest engine."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Protocol

from legis.domain.bill import Bill, Provenance
from legis.domain.records.any_record import AnyRecord
from legis.domain.records.record import RecordKind
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
    """How often a walk runs, and what it costs: one row of the request budget."""

    walk: Walk
    every: timedelta
    purpose: str
    requests: int
    hours_at_polite_limit: float


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of a record. `marks` are the fingerprints, by part, to store once the reading is stored."""

    bill: Bill
    provenance: Provenance
    part: ReadingPart
    read_seq: int
    marks: Mapping[ReadingPart, str]
    traceparent: str | None = None


@dataclass(frozen=True, slots=True)
class YearSeen:
    """Every id in the source's own list of a year. See `legis.events.YearSighted`."""

    year: int
    upstream_ids: tuple[str, ...]
    url: str
    fetched_at: datetime
    read_seq: int
    selective: bool = False


@dataclass(frozen=True, slots=True)
class Absence:
    """The source answered 404 for a record that was requested by id."""

    upstream_id: str
    url: str
    fetched_at: datetime
    read_seq: int


@dataclass(frozen=True, slots=True)
class YearOutcome:
    """With a reason: the list of a year could not be read. Without: the list has been read now, after
    earlier failures.
    """

    year: int
    reason: str | None
    read_seq: int


@dataclass(frozen=True, slots=True)
class RecordReading:
    """One reading of a legislator, organization, voting or event. Fields as in `Reading`; marks are stored under the
    record's id.
    """

    record: AnyRecord
    provenance: Provenance
    part: ReadingPart
    read_seq: int
    marks: Mapping[ReadingPart, str]
    traceparent: str | None = None


@dataclass(frozen=True, slots=True)
class RecordsSeen:
    """Every id in the source's own list of some days. See `legis.events.RecordsSighted`."""

    kind: RecordKind
    prefix: str
    first: date
    last: date
    ids: tuple[str, ...]
    url: str
    fetched_at: datetime
    read_seq: int


@dataclass(frozen=True, slots=True)
class RecordAbsence:
    """The source answered 404 for a record that was requested by id."""

    kind: RecordKind
    record_id: str
    url: str
    fetched_at: datetime
    read_seq: int


Item = Reading | RecordReading | RecordsSeen | RecordAbsence | RecordRejected | YearSeen | YearOutcome | Absence
"""The types of item that a window yields."""


class ReadContext(Protocol):
    """Services that the engine provides to a source while a window is read."""

    def next_seq(self) -> int:
        """A new read sequence. Take it *before* requesting the record from upstream."""

    def seen(self, upstream_id: str, part: ReadingPart) -> str | None:
        """Mark of the stored reading of that part; None where it is not known. Call `prefetch` before."""

    async def prefetch(self, upstream_ids: list[str], part: ReadingPart) -> None:
        """Loads the marks of these ids in one round trip."""

    def progress(self, done: int, total: int | None) -> None:
        """Reports to operators how much of the window has been read."""

    async def years_not_read(self) -> tuple[int, ...]:
        """Years that are not read yet, newest first. Raises StreamUnavailable while they cannot be loaded."""


class SourceAdapter(Protocol):
    """A chamber's API, as the engine uses it."""

    name: Source

    def plans(self) -> tuple[WalkPlan, ...]:
        """Every walk of this source with its period and its budget, in order of priority."""

    def next_window(self, walk: Walk, position: int | None, now: datetime) -> Window | None:
        """The next window of a walk at `position` (None: never begun), or None when nothing is due.

        Pure: no I/O, no clock.
        """

    def read(self, window: Window, context: ReadContext) -> AsyncGenerator[Item]:
        """Yields every record of the window that may be new, in any order, each once, and the ids of lists of whole
        years.

        A record that does not fit its model, or that upstream refuses or never returns, is yielded as RecordRejected,
        not raised; a year whose list cannot be read as YearOutcome. Unchanged records (by `context.seen`) are left out.
        Raises RetryableError when the window cannot be finished (it will be read again from its start) and
        PermanentError when a retry cannot help.
        """

    async def read_one(self, upstream_id: str, context: ReadContext) -> Sequence[Item]:
        """Reads one record by id, complete, whether or not it has changed; Absence where the source has none.

        Raises RetryableError when it cannot be read now, PermanentError when it cannot be requested.
        """

    async def close(self) -> None:
        """Closes connections."""
