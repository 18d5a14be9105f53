"""One process read whole: detail, rapporteurs and votings as one reading with the marks to remember."""

import asyncio
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from legis.clock import epoch_micros
from legis.domain.bill import Bill, Provenance
from legis.domain.fingerprint import fingerprint
from legis.domain.vocabulary import ReadingPart
from legis.errors import RecordGone, RecordRejected, UpstreamUnavailable
from legis.ingest.source import Item, ReadContext, Reading
from legis.telemetry import traces
from pydantic import ValidationError

from ingest_senado.client import Emptiness, One, Page, Received, SenadoClient
from ingest_senado.normalizer import Sighting, from_detail, from_list_row, from_votings
from ingest_senado.normalizer.notes import Notes, instant
from ingest_senado.wire.bodies import Record
from ingest_senado.wire.process import Detail, ListRow
from ingest_senado.wire.rapporteur import RapporteurRow
from ingest_senado.wire.record import Wire
from ingest_senado.wire.voting import VotingRow

W = TypeVar("W", bound=Wire)

PARSER_VERSION = "senado-2"
STALE_ASKS = 3


class StaleReplica(UpstreamUnavailable):
    """The detail is older than the list that led to it, after several asks."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A row of a list as a bill, with the sequence and the mark of that reading."""

    bill: Bill
    mark: str
    provenance: Provenance
    seq: int

    @property
    def id(self) -> str:
        """The process's id."""
        return self.bill.upstream_id

    def reading(self, traceparent: str | None) -> Reading:
        """The row alone as a reading."""
        marks = {ReadingPart.LIST: self.mark}
        return Reading(self.bill, self.provenance, ReadingPart.LIST, self.seq, marks, traceparent)


def stamp(moment: datetime | None) -> str:
    """An update stamp whose texts compare like the instants."""
    return f"{0 if moment is None else max(0, epoch_micros(moment)):017d}"


def mark_of(bill: Bill, otherwise: datetime | None = None) -> str:
    """What to remember of a reading. It holds the update stamp too, since a fingerprint leaves that out."""
    return f"{stamp(bill.upstream_updated_at or otherwise)}:{fingerprint(bill)}"


def stamp_of(mark: str | None) -> str:
    """The stamp in a remembered mark; the empty text, which is before every stamp, where there is none."""
    return mark.partition(":")[0] if mark else ""


def listed(page: Page[ListRow], item: Received[ListRow], seq: int) -> Listed | RecordRejected:
    """A row as a bill, or why it is none."""
    try:
        bill = from_list_row(item.value, Sighting(page.fetched_at, item.record.removed))
        return Listed(bill, mark_of(bill), _provenance(page.url, page.fetched_at, item.record), seq)
    except Exception as error:  # a row that we crash on costs itself and not its list
        return rejected(error, item.record, str(item.value.id), page.url)


def rejected(error: Exception, record: Record, upstream_id: str, url: str) -> RecordRejected:
    """A record that fits the wire and yet makes no bill."""
    return RecordRejected(f"makes no bill: {error}", raw=record.raw, upstream_id=upstream_id, source_url=url)


def _provenance(url: str, fetched_at: datetime, record: Record) -> Provenance:
    return Provenance(url=url, fetched_at=fetched_at, payload_sha256=record.sha256, parser_version=PARSER_VERSION)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to ask for beside the detail."""

    rapporteurs: bool = True
    votings: bool = True


class ProcessReader:
    """Reads single processes. Each reading is one span; its sequence is taken before the first request."""

    def __init__(self, client: SenadoClient, *, stale_wait: float = 1.0) -> None:
        self._client = client
        self._stale_wait = stale_wait

    async def read(
        self, process_id: str, context: ReadContext, *, row: Listed | None = None, wanted: Wanted | None = None
    ) -> list[Item]:
        """The whole process, and any row of its rapporteurs or votings that does not fit.

        Raises RecordGone, RecordRejected for the detail itself, and UpstreamUnavailable and its kin.
        """
        wanted = wanted or Wanted()
        with traces.tracer("ingest_senado").start_as_current_span(
            "read bill", attributes={"legis.bill.id": f"senado-{process_id}"}
        ):
            seq = context.next_seq()
            answer = await self._fresh_detail(process_id, row.bill.upstream_updated_at if row else None)
            rapporteurs = await _if_there(self._client.rapporteurs(process_id)) if wanted.rapporteurs else None
            votings = await _if_there(self._votings(process_id, context)) if wanted.votings else None
            bill = _bill(answer, rapporteurs, votings, _unanswered(wanted, rapporteurs, votings))
            marks = {ReadingPart.DETAIL: mark_of(bill, row.bill.upstream_updated_at if row else None)}
            if row is not None:
                marks[ReadingPart.LIST] = row.mark
            if bill.vote_events:
                marks[ReadingPart.VOTES] = _votes_mark(bill)
            provenance = _provenance(answer.url, answer.fetched_at, answer.received.record)
            traceparent = traces.current_traceparent()
            reading = Reading(bill, provenance, ReadingPart.DETAIL, seq, marks, traceparent)
        misfits = [*(rapporteurs.rejected if rapporteurs else ()), *(votings.rejected if votings else ())]
        return [reading, *misfits]

    async def read_votings(self, process_id: str, expected: frozenset[int], context: ReadContext) -> list[Item]:
        """All votings of a process that is already stored, or nothing where they are stored too.

        `expected` are votings that another answer named: an answer without them is stale or hollow.
        """
        with traces.tracer("ingest_senado").start_as_current_span(
            "read bill", attributes={"legis.bill.id": f"senado-{process_id}", "legis.part": "votes"}
        ):
            seq = context.next_seq()
            page = await self._client.votings(process_id, Emptiness.IMPOSSIBLE)
            if page.rejected:
                return list(page.rejected)
            if missing := expected - {row.codigoSessaoVotacao for row in page.values}:
                raise StaleReplica(f"process {process_id}: votings {sorted(missing)[:5]} are not in its own list")
            removed = frozenset().union(*(item.record.removed for item in page.rows))
            bill = from_votings(process_id, page.values, Sighting(page.fetched_at, removed))
            mark = _votes_mark(bill)
            if context.seen(process_id, ReadingPart.VOTES) == mark:
                return []
            raw = b",".join(item.record.raw for item in page.rows)
            provenance = _provenance(page.url, page.fetched_at, Record(raw, None))
            traceparent = traces.current_traceparent()
            return [Reading(bill, provenance, ReadingPart.VOTES, seq, {ReadingPart.VOTES: mark}, traceparent)]

    async def _fresh_detail(self, process_id: str, not_before: datetime | None) -> One[Detail]:
        for attempt in range(STALE_ASKS):
            if attempt:
                await asyncio.sleep(self._stale_wait * attempt)
            answer = await self._client.detail(process_id)
            found = _stamp_of_detail(answer)
            if not_before is None or found is None or found >= not_before:
                return answer
        raise StaleReplica(f"process {process_id}: detail of {found}, list of {not_before}")

    async def _votings(self, process_id: str, context: ReadContext) -> Page[VotingRow]:
        # Of a bill that had votings one empty answer is none; the store does not believe the second one at once either.
        had = context.seen(process_id, ReadingPart.VOTES) is not None
        return await self._client.votings(process_id, Emptiness.POSSIBLE if had else Emptiness.NORMAL)


async def _if_there(asked: Awaitable[Page[W]]) -> Page[W] | None:
    """A list that belongs to a process; None for 404: the process itself is there, and its list is not to be had."""
    try:
        return await asked
    except RecordGone:
        return None


def _unanswered(wanted: Wanted, rapporteurs: Page[RapporteurRow] | None, votings: Page[VotingRow] | None) -> list[str]:
    """The fields whose lists were asked for and not to be had."""
    asked = (("rapporteurs", wanted.rapporteurs, rapporteurs), ("vote_events", wanted.votings, votings))
    return [name for name, wants, page in asked if wants and page is None]


def _bill(
    answer: One[Detail],
    rapporteurs: Page[RapporteurRow] | None,
    votings: Page[VotingRow] | None,
    unanswered: Sequence[str],
) -> Bill:
    """The detail as a bill. Histories with a row that does not fit are not claimed: they would lose that row."""
    record = answer.received.record
    try:
        return from_detail(
            answer.received.value,
            Sighting(answer.fetched_at, record.removed),
            _whole(rapporteurs),
            _whole(votings),
            unanswered,
        )
    except (ValidationError, ValueError) as error:
        raise rejected(error, record, str(answer.received.value.id), answer.url) from error


def _whole(page: Page[W] | None) -> Sequence[W] | None:
    return None if page is None or page.rejected else page.values


def _stamp_of_detail(answer: One[Detail]) -> datetime | None:
    return instant(answer.received.value.dthUltimaAtualizacao, Notes(Sighting(answer.fetched_at)))


def _votes_mark(bill: Bill) -> str:
    return f"{stamp(None)}:{fingerprint(bill, {'vote_events'})}"
