"""Publishes the events of one window in order, in small batches, and at its end their number."""

import asyncio
import time
from collections.abc import Sequence

from opentelemetry.trace import SpanKind

from legis.clock import Clock
from legis.domain.bill import Bill
from legis.domain.personal_data import without_personal_data
from legis.domain.vocabulary import ReadingPart, Source
from legis.errors import RecordRejected as RejectedError
from legis.errors import RecordSetAside
from legis.events import (
    MOST_IDS,
    BillGone,
    BillObserved,
    Event,
    RecordObserved,
    RecordRejected,
    WindowEnded,
    WindowRef,
    YearNotRead,
    YearSighted,
)
from legis.ingest.in_flight import InFlight
from legis.ingest.record_events import gone_event, observed_event, sighted_events
from legis.ingest.source import (
    Absence,
    Item,
    Reading,
    RecordAbsence,
    RecordReading,
    RecordsSeen,
    Window,
    YearOutcome,
    YearSeen,
)
from legis.streams.names import BILLS_STREAM
from legis.streams.publisher import Publisher
from legis.telemetry import traces
from legis.telemetry.metrics import PERSONAL_DATA

BATCH = 200
LINGER_SECONDS = 0.2
"""Longest time that an event waits in the queue for a full batch."""

MAX_RAW_BYTES = 262_144
_PARTS_WITH_MANY_ROWS = frozenset({ReadingPart.BULK, ReadingPart.LIST})


class WindowPublisher:
    """Turns the items of one window into numbered events and publishes them. Raises StreamUnavailable when the stream
    cannot take them.
    """

    def __init__(
        self, publisher: Publisher, in_flight: InFlight, source: Source, window: Window, window_id: str, clock: Clock
    ) -> None:
        self._publisher = publisher
        self._in_flight = in_flight
        self._source = source
        self._window = window
        self.window_id = window_id
        self._clock = clock
        self._batch: list[tuple[Event, str | None]] = []
        self._oldest = 0.0
        self._sending = asyncio.Lock()
        self.items = 0
        self.last_entry: bytes | None = None
        """Id of the last entry published."""

    async def add(self, item: Item) -> None:
        """Queues an item of any type."""
        match item:
            case Reading():
                await self.observed(item)
            case RecordReading():
                self._in_flight.queued(item.record.id)
                event = observed_event(item, self._source, self._clock(), self._ref())
                await self._add(event, self._send_span(item, item.record.id))
            case RecordsSeen():
                for sighted in sighted_events(item, self._source, self._clock(), self._ref()):
                    await self._add(sighted, None)
            case RecordAbsence():
                gone = gone_event(item, self._source, self._clock(), self._ref())
                await self._add(gone, traces.current_traceparent())
            case YearSeen():
                await self.sighted(item)
            case YearOutcome():
                await self.left(item)
            case Absence():
                await self.gone(item)
            case _:
                await self.rejected(item)

    async def observed(self, reading: Reading) -> None:
        """Queues a BillObserved."""
        self._in_flight.queued(reading.bill.upstream_id)
        event = BillObserved(
            source=self._source,
            published_at=self._clock(),
            window=self._ref(),
            read_seq=reading.read_seq,
            bill=_impersonal(reading.bill),
            provenance=reading.provenance,
            part=reading.part,
            marks=dict(reading.marks),
        )
        await self._add(event, self._send_span(reading, reading.bill.id))

    async def rejected(self, record: RejectedError) -> None:
        """Queues a RecordRejected with the first 256 KiB of the record's bytes. What has no UTF-8 is escaped."""
        event = RecordRejected(
            source=self._source,
            published_at=self._clock(),
            window=self._ref(),
            upstream_id=record.upstream_id,
            url=record.source_url,
            error=str(record).encode("utf-8", "backslashreplace").decode()[:2000],
            raw=record.raw[:MAX_RAW_BYTES].decode("utf-8", "backslashreplace"),
            set_aside=isinstance(record, RecordSetAside),
        )
        await self._add(event, traces.current_traceparent())

    async def sighted(self, listed: YearSeen) -> None:
        """Queues the ids of a year, split into as many YearSighted events as needed."""
        ids = listed.upstream_ids
        chunks = [ids[start : start + MOST_IDS] for start in range(0, len(ids), MOST_IDS)] or [()]
        for number, chunk in enumerate(chunks):
            event = YearSighted(
                source=self._source,
                published_at=self._clock(),
                window=self._ref(),
                read_seq=listed.read_seq,
                year=listed.year,
                part=number,
                parts=len(chunks),
                upstream_ids=chunk,
                selective=listed.selective,
                url=listed.url,
                fetched_at=listed.fetched_at,
            )
            await self._add(event, None)

    async def left(self, outcome: YearOutcome) -> None:
        """Queues a YearNotRead: a year's list could not be read, or has been read since."""
        event = YearNotRead(
            source=self._source,
            published_at=self._clock(),
            window=self._ref(),
            read_seq=outcome.read_seq,
            year=outcome.year,
            reason=outcome.reason,
        )
        await self._add(event, None)

    async def gone(self, absence: Absence) -> None:
        """Queues a BillGone: the source has no such record."""
        event = BillGone(
            source=self._source,
            published_at=self._clock(),
            window=self._ref(),
            read_seq=absence.read_seq,
            upstream_id=absence.upstream_id,
            url=absence.url,
            fetched_at=absence.fetched_at,
        )
        await self._add(event, traces.current_traceparent())

    async def end(self, max_read_seq: int) -> None:
        """Publishes what is queued, then the window's end with its count."""
        window = self._window
        event = WindowEnded(
            source=self._source,
            published_at=self._clock(),
            window_id=self.window_id,
            walk=window.walk,
            lo=window.lo,
            hi=window.hi,
            items=self.items,
            max_read_seq=max_read_seq,
        )
        self._batch.append((event, None))
        await self.flush()

    def abandon(self) -> None:
        """Drops what is queued; the end of the window is not published."""
        self._in_flight.given_up(_records(self._batch))
        self._batch = []

    def _ref(self) -> WindowRef:
        return WindowRef(window_id=self.window_id, walk=self._window.walk, index=self.items)

    def _send_span(self, reading: Reading | RecordReading, record_id: str) -> str | None:
        # A bulk file holds tens of thousands of rows of one trace: only the first row of a batch continues the trace.
        # A record has one in any case unless it is from a file: what it changes on a bill's agenda is news.
        is_news = isinstance(reading, RecordReading) and reading.part is not ReadingPart.BULK
        if not is_news and (reading.traceparent is None or (reading.part in _PARTS_WITH_MANY_ROWS and self._batch)):
            return None
        context = traces.remote_context(reading.traceparent)
        with traces.tracer("legis.ingest").start_as_current_span(
            f"send {BILLS_STREAM}",
            context=context,
            kind=SpanKind.PRODUCER,
            attributes={
                "messaging.system": "redis",
                "messaging.operation.type": "send",
                "messaging.destination.name": BILLS_STREAM,
                "legis.bill.id" if isinstance(reading, Reading) else "legis.record.id": record_id,
                "legis.walk": self._window.walk.value,
            },
        ):
            return traces.current_traceparent()

    async def _add(self, event: Event, traceparent: str | None) -> None:
        if not self._batch:
            self._oldest = time.monotonic()
        self._batch.append((event, traceparent))
        self.items += 1
        if len(self._batch) >= BATCH or self.overdue:
            await self.flush()

    @property
    def overdue(self) -> bool:
        """Whether the oldest queued event has waited LINGER_SECONDS or longer."""
        return bool(self._batch) and time.monotonic() - self._oldest >= LINGER_SECONDS

    async def flush(self) -> None:
        """Publishes what is queued, in order. Concurrent calls take turns."""
        async with self._sending:
            batch: Sequence[tuple[Event, str | None]] = self._batch
            self._batch = []
            if not batch:
                return
            try:
                entries = await self._publisher.publish(batch)
            except BaseException:
                self._in_flight.given_up(_records(batch))
                raise
            self.last_entry = entries[-1].encode()
            self._in_flight.sent(_records(batch), self.last_entry)


def _impersonal(bill: Bill) -> Bill:
    """The bill without personal data in its extras: here every source's readings pass, whoever wrote the source."""
    extras, removed = without_personal_data(bill.extras)
    if not removed:
        return bill
    PERSONAL_DATA.labels(bill.source).inc(removed)
    return bill.model_copy(update={"extras": extras})


def _records(batch: Sequence[tuple[Event, str | None]]) -> list[str]:
    """Keys under which marks are stored: the upstream id of a bill, our id of another record."""
    bills = [event.bill.upstream_id for event, _ in batch if isinstance(event, BillObserved)]
    return bills + [event.record.id for event, _ in batch if isinstance(event, RecordObserved)]
