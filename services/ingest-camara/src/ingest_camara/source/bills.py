"""Reads one bill: its detail, and where the detail changed, its sub-resources."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from legis.domain.bill import Bill, Provenance
from legis.domain.fingerprint import fingerprint
from legis.domain.vocabulary import ReadingPart
from legis.errors import RecordGone, RecordRejected
from legis.ingest.source import ReadContext, Reading
from legis.telemetry import traces

from ingest_camara.client.answers import rejected
from ingest_camara.client.api import CamaraApi, DetailAnswer
from ingest_camara.normalizer.bill import PARSER_VERSION, SubResources, from_detail, from_list_item, only_names
from ingest_camara.normalizer.marks import detail_mark, row_mark, votings_mark
from ingest_camara.normalizer.votings import is_nominal, newest_first
from ingest_camara.source.directory import Directories
from ingest_camara.wire.bill_records import Detail, ListItem, Status
from ingest_camara.wire.voting_records import MemberVote, Voting

MOST_ROLL_CALLS = 60
"""Largest number of a bill's votings, newest first, whose members' votes are read: 60 are some 30,000 votes and 5 MB.
"""

_LIST_FACTS = frozenset({"type_code", "number_text", "year", "title"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of reading one bill. `stale` is True where the list is newer than the detail."""

    item: Reading | RecordRejected | None = None
    stale: bool = False
    gone: bool = False


UNCHANGED = Outcome()


class BillReader:
    """Reads bills by id. Raises RetryableError when a part of a bill is not available: no bill is published in part."""

    def __init__(self, api: CamaraApi, directories: Directories) -> None:
        self._api = api
        self._directories = directories

    async def read(
        self, upstream_id: str, context: ReadContext, *, listed: ListItem | None = None, file_mark: str | None = None
    ) -> Outcome:
        """The bill, where its detail differs from the stored one.

        `listed` is the list row that named the bill. `file_mark` is the mark of a yearly file's row that differs from
        the stored one; where the detail is unchanged, only this mark is handed on, so that the row is not compared
        again.
        """
        with traces.tracer("ingest_camara").start_as_current_span("read bill") as span:
            span.set_attribute("legis.bill.id", f"camara-{upstream_id}")
            try:
                outcome = await self._read(upstream_id, context, listed, file_mark)
            except RecordGone:
                outcome = Outcome(gone=True)
            except RecordRejected as error:
                outcome = Outcome(item=error)
            span.set_attribute("legis.outcome", _name(outcome))
            return outcome

    async def _read(
        self, upstream_id: str, context: ReadContext, listed: ListItem | None, file_mark: str | None
    ) -> Outcome:
        seq = context.next_seq()
        found = await self._api.detail(upstream_id)
        bill = _normalise(found, None)
        mark = detail_mark(bill)
        if mark == context.seen(upstream_id, ReadingPart.DETAIL):
            if file_mark is not None:
                marks = {ReadingPart.DETAIL: mark, ReadingPart.BULK: file_mark}
                return Outcome(item=_reading(only_names(bill), found, seq, marks))
            return Outcome(stale=True) if listed and _differs(listed, bill) else UNCHANGED
        marks = {ReadingPart.DETAIL: mark, ReadingPart.BULK: row_mark(bill)}
        parts = await self._parts(found.detail, context, marks)
        whole = (await self._directories.get()).complete(_normalise(found, parts))
        if behind := _lags(parts.proceedings, found.detail.statusProposicao):
            del marks[ReadingPart.DETAIL]  # no mark: the bill is read again until they agree
        return Outcome(item=_reading(whole, found, seq, marks), stale=behind)

    async def _parts(self, detail: Detail, context: ReadContext, marks: dict[ReadingPart, str]) -> SubResources:
        api, upstream_id = self._api, detail.id
        lists = SubResources(
            authors=await api.authors(upstream_id) or None,  # every bill has an author: an empty list is not believed
            themes=await api.themes(upstream_id),
            proceedings=_believable(await api.proceedings(upstream_id), detail.statusProposicao),
            related=await api.related(upstream_id),
        )
        votings = await api.votings(upstream_id)
        if votings is None:
            return replace(lists, unanswered=(*_unanswered(lists), "vote_events"))
        mark = votings_mark(votings)
        if mark == context.seen(upstream_id, ReadingPart.VOTES):
            return replace(lists, unanswered=_unanswered(lists))
        marks[ReadingPart.VOTES] = mark
        votes, left_out = await self._votes(upstream_id, votings)
        found = {key: rows for key, rows in votes.items() if rows is not None}
        missing = ("vote_events.votes",) if len(found) < len(votes) else ()
        unanswered = (*_unanswered(lists), *missing)
        return replace(lists, votings=votings, votes=found, votes_left_out=left_out, unanswered=unanswered)

    async def _votes(
        self, upstream_id: str, votings: tuple[Voting, ...]
    ) -> tuple[Mapping[str, tuple[MemberVote, ...] | None], int]:
        roll_calls = [voting for voting in newest_first(votings) if is_nominal(voting)]
        votes = {voting.id: await self._api.votes(voting.id, upstream_id) for voting in roll_calls[:MOST_ROLL_CALLS]}
        return votes, max(0, len(roll_calls) - MOST_ROLL_CALLS)


def _believable(proceedings: tuple[Status, ...] | None, newest: Status | None) -> tuple[Status, ...] | None:
    """The history; None where it is empty although the detail shows an entry."""
    return None if not proceedings and _number(newest) is not None else proceedings


def _unanswered(lists: SubResources) -> tuple[str, ...]:
    """The fields whose lists were requested and not available."""
    asked = {
        "sponsorships": lists.authors, "subjects": lists.themes, "actions": lists.proceedings,
        "related_bills": lists.related,
    }  # fmt: skip
    return tuple(name for name, rows in asked.items() if rows is None)


def _normalise(found: DetailAnswer, parts: SubResources | None) -> Bill:
    answer = found.answer
    try:
        return from_detail(found.detail, parts, fetched_at=answer.fetched_at)
    except ValueError as error:
        raise rejected(error, answer.body, found.detail.id, answer.url) from None


def _lags(proceedings: Sequence[Status] | None, newest: Status | None) -> bool:
    """Whether the history comes from a server that does not have the last entry of the detail yet."""
    wanted = _number(newest)
    return wanted is not None and bool(proceedings) and max(_number(row) or 0 for row in proceedings or ()) < wanted


def _number(row: Status | None) -> int | None:
    text = row.sequencia if row else None
    return int(text) if text and text.isascii() and text.isdigit() else None


def _differs(listed: ListItem, bill: Bill) -> bool:
    try:
        return fingerprint(from_list_item(listed), _LIST_FACTS) != fingerprint(bill, _LIST_FACTS)
    except ValueError:
        return False


def _reading(bill: Bill, found: DetailAnswer, seq: int, marks: Mapping[ReadingPart, str]) -> Reading:
    answer = found.answer
    provenance = Provenance(
        url=answer.url, fetched_at=answer.fetched_at, payload_sha256=answer.sha256, parser_version=PARSER_VERSION
    )
    return Reading(bill, provenance, ReadingPart.DETAIL, seq, marks, traces.current_traceparent())


def _name(outcome: Outcome) -> str:
    if outcome.gone:
        return "gone"
    if outcome.item is None:
        return "stale" if outcome.stale else "unchanged"
    return "rejected" if isinstance(outcome.item, RecordRejected) else "changed"
