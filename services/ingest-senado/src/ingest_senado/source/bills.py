"""Reads one process whole: detail, rapporteurs and votings as one reading with its marks."""

import asyncio
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from legis.domain.bill import Bill
from legis.domain.vocabulary import ReadingPart
from legis.errors import RecordGone, UpstreamUnavailable
from legis.ingest.source import Item, ReadContext, Reading
from legis.telemetry import traces
from pydantic import ValidationError

from ingest_senado.client.answers import Emptiness, One, Page
from ingest_senado.client.api import SenadoApi
from ingest_senado.normalizer.bill import from_detail, from_votings
from ingest_senado.normalizer.marks import mark_of, votes_mark
from ingest_senado.normalizer.notes import Notes, Sighting, instant
from ingest_senado.source.listing import Listed, provenance_of, rejected
from ingest_senado.wire.bill_records import Detail
from ingest_senado.wire.json_records import Record
from ingest_senado.wire.rapporteur_records import RapporteurRow
from ingest_senado.wire.voting_records import VotingRow
from ingest_senado.wire.wire_model import WireModel

W = TypeVar("W", bound=WireModel)

STALE_ASKS = 3


class StaleReplica(UpstreamUnavailable):
    """The detail is older than the list that led to it, after several requests."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The lists to request in addition to the detail."""

    rapporteurs: bool = True
    votings: bool = True


class BillReader:
    """Reads single processes. Each reading is one span; its read sequence is taken before the first request."""

    def __init__(self, client: SenadoApi, *, stale_wait: float = 1.0) -> None:
        self._client = client
        self._stale_wait = stale_wait

    async def read(
        self, process_id: str, context: ReadContext, *, row: Listed | None = None, wanted: Wanted | None = None
    ) -> list[Item]:
        """The whole process, and any row of its rapporteurs or votings that does not fit.

        Raises RecordGone, RecordRejected for the detail itself, and UpstreamUnavailable and the other errors of
        `legis.upstream`.
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
                marks[ReadingPart.VOTES] = votes_mark(bill)
            provenance = provenance_of(answer.url, answer.fetched_at, answer.received.record)
            traceparent = traces.current_traceparent()
            reading = Reading(bill, provenance, ReadingPart.DETAIL, seq, marks, traceparent)
        misfits = [*(rapporteurs.rejected if rapporteurs else ()), *(votings.rejected if votings else ())]
        return [reading, *misfits]

    async def read_votings(self, process_id: str, expected: frozenset[int], context: ReadContext) -> list[Item]:
        """All votings of a process that is already stored, or nothing where the votings are stored too.

        `expected` are the ids of votings in another response: a response without them is stale or hollow.
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
            mark = votes_mark(bill)
            if context.seen(process_id, ReadingPart.VOTES) == mark:
                return []
            raw = b",".join(item.record.raw for item in page.rows)
            provenance = provenance_of(page.url, page.fetched_at, Record(raw, None))
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
        # One empty response is not believed for a bill that had votings; nor does the store believe the second at once.
        had = context.seen(process_id, ReadingPart.VOTES) is not None
        return await self._client.votings(process_id, Emptiness.POSSIBLE if had else Emptiness.NORMAL)


async def _if_there(asked: Awaitable[Page[W]]) -> Page[W] | None:
    """A list that belongs to a process; None for 404: the process exists, and its list is not available."""
    try:
        return await asked
    except RecordGone:
        return None


def _unanswered(wanted: Wanted, rapporteurs: Page[RapporteurRow] | None, votings: Page[VotingRow] | None) -> list[str]:
    """The fields whose lists were requested and not available."""
    asked = (("rapporteurs", wanted.rapporteurs, rapporteurs), ("vote_events", wanted.votings, votings))
    return [name for name, wants, page in asked if wants and page is None]


def _bill(
    answer: One[Detail],
    rapporteurs: Page[RapporteurRow] | None,
    votings: Page[VotingRow] | None,
    unanswered: Sequence[str],
) -> Bill:
    """The detail as a bill. A history with a row that does not fit is not claimed: the row would be lost."""
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
