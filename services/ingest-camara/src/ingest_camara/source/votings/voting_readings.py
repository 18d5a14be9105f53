"""Reads one voting from the API: its detail, and its votes and orientations where it may have some."""

from collections.abc import Sequence

from legis.domain.records.record import RecordKind
from legis.domain.records.vote_event_record import VoteEventRecord
from legis.domain.vocabulary import ReadingPart
from legis.errors import RecordGone
from legis.ingest.source import ReadContext, RecordAbsence, RecordReading

from ingest_camara.client.records_api import RecordsApi
from ingest_camara.normalizer.vote_events import PLENARY, from_detail, from_list_row, purpose_only, voting_record_id
from ingest_camara.normalizer.votes.record_claims import claims_mark
from ingest_camara.normalizer.votings import is_nominal
from ingest_camara.source.record_items import reading
from ingest_camara.wire.voting_records import MemberVote, Voting

PATH = "/votacoes"
_READ_BY_API = "read by API"
"""Stored as the mark of a voting's row in the file: the next file is read again, whose totals are the right ones."""


class VotingReader:
    """Reads votings by id. Raises the errors of `RecordsApi`, RecordGone apart."""

    def __init__(self, api: RecordsApi) -> None:
        self._api = api

    async def read(self, upstream_id: str, context: ReadContext, listed: Voting | None = None) -> RecordReading:
        """The voting with all of its parts. A new one whose detail is not there yet is read from its row of the list.

        Raises RecordGone where there is no detail and no row.
        """
        seq = context.next_seq()
        try:
            found = await self._api.voting(upstream_id)
        except RecordGone:
            if listed is None:
                raise
            return self._of_row(listed, seq)
        detail, answer = found.record, found.answer
        nominal = is_nominal(detail)
        votes = await self._api.votes(upstream_id) if nominal else None
        plenary = (detail.siglaOrgao or "").strip() == PLENARY
        orientations = await self._api.orientations(upstream_id) if plenary else None
        record = from_detail(detail, votes, orientations, fetched_at=answer.fetched_at)
        marks = {ReadingPart.DETAIL: claims_mark(record), ReadingPart.BULK: _READ_BY_API}
        if listed is not None and (not nominal or _has_its_votes(record, votes)):
            marks[ReadingPart.LIST] = row_mark(listed)
        return reading(record, answer.url, answer.fetched_at, answer.sha256, ReadingPart.DETAIL, seq, marks)

    async def read_purpose(self, upstream_id: str, context: ReadContext) -> RecordReading:
        """What only the detail tells of a voting that was read from a file. Raises RecordGone for 404."""
        seq = context.next_seq()
        found = await self._api.voting(upstream_id)
        answer = found.answer
        record = purpose_only(from_detail(found.record, None, None, fetched_at=answer.fetched_at))
        marks = {ReadingPart.DETAIL: claims_mark(record)}
        return reading(record, answer.url, answer.fetched_at, answer.sha256, ReadingPart.DETAIL, seq, marks)

    async def read_one(self, record_id: str, context: ReadContext) -> RecordReading | RecordAbsence:
        """The voting by our id, whether or not it has changed; its absence where upstream has none."""
        upstream_id = record_id.removeprefix("camara-vote-")
        seq = context.next_seq()
        try:
            return await self.read(upstream_id, context)
        except RecordGone:
            url = self._api.address(PATH, upstream_id)
            return RecordAbsence(RecordKind.VOTE_EVENT, record_id, url, self._api.now(), seq)

    def _of_row(self, listed: Voting, seq: int) -> RecordReading:
        url, at = self._api.address(PATH, listed.id), self._api.now()
        record = from_list_row(listed, fetched_at=at)
        return reading(record, url, at, claims_mark(record), ReadingPart.LIST, seq, {})


def _has_its_votes(record: VoteEventRecord, votes: Sequence[MemberVote] | None) -> bool:
    """Whether upstream answered with the votes that totals promise; if not, the next poll reads the voting again."""
    return votes is not None and (bool(votes) or record.counts_published is None or bool(record.secret))


def row_mark(listed: Voting) -> str:
    """Fingerprint of a row of the list; while it is unchanged the voting is not read again."""
    return claims_mark(from_list_row(listed))


def known_row(listed: Voting, context: ReadContext) -> bool:
    """Whether the voting was stored as this row shows it."""
    return context.seen(voting_record_id(listed.id), ReadingPart.LIST) == row_mark(listed)
