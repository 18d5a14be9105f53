"""`/legislators`: search and list, one legislator, bills and votes of one."""

import asyncio
from dataclasses import asdict
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request
from legis.clock import utc_now
from legis.domain.brasilia_time import local_day
from legis.domain.records.record import RecordKind
from starlette.responses import Response

from api_gateway.documents.records.membership_items import membership_item
from api_gateway.documents.records.record_documents import with_fields
from api_gateway.search.index.folder import IndexNotReady
from api_gateway.search.legislator_bills import count_legislator_bills, legislator_bills
from api_gateway.store.records.reading.record_reader import (
    Key,
    RecordPage,
    list_legislators,
    load_memberships,
    load_same_person,
)
from api_gateway.store.records.reading.vote_reader import MemberVoteItem, count_member_votes, list_member_votes
from api_gateway.web.api_route import ApiRoute
from api_gateway.web.container import Resources
from api_gateway.web.dependencies import LegislatorId, Shared, problems
from api_gateway.web.files.list_columns import LEGISLATOR_VOTES, LEGISLATORS
from api_gateway.web.params.cursor import decode_place, encode_place, question_hash
from api_gateway.web.params.parameters import NoParameters
from api_gateway.web.params.record_filters import legislator_filter, period, roles
from api_gateway.web.params.record_parameters import (
    LegislatorBillParameters,
    LegislatorParameters,
    LegislatorVoteParameters,
)
from api_gateway.web.responses.json_responses import dump, joined
from api_gateway.web.responses.record_replies import (
    BY_NAME,
    BY_VOTE,
    detail_reply,
    keyset_reply,
    page_reply,
    stored_record,
)
from api_gateway.web.responses.record_schemas import (
    LegislatorBillList,
    LegislatorList,
    LegislatorReply,
    LegislatorVoteList,
)

router = APIRouter(prefix="/api/v1/legislators", tags=["legislators"], route_class=ApiRoute)

MAX_MEMBERSHIPS = 1000
"""Memberships in one legislator's detail; nobody has had half as many."""


@router.get(
    "",
    response_model=LegislatorList,
    responses=problems(),
    operation_id="listLegislators",
    summary="Search and list legislators",
)
async def list_all(request: Request, shared: Shared, asked: Annotated[LegislatorParameters, Query()]) -> Response:
    """Deputies and senators that match every filter, by name. Who served in both houses has a record in each."""
    read = partial(list_legislators, shared.database, legislator_filter(asked, local_day(utc_now())))
    return await keyset_reply(request, shared, asked, LEGISLATORS, read, BY_NAME)


@router.get(
    "/{legislator_id}",
    response_model=LegislatorReply,
    responses=problems(404),
    operation_id="getLegislator",
    summary="One legislator, complete",
)
async def get_legislator(
    shared: Shared, legislator_id: LegislatorId, asked: Annotated[NoParameters, Query()]
) -> Response:
    """Names, terms, parties over time, committees and offices. The same person in the other house is a link in
    `same_person`, with the evidence. A removed record has `removed_at`."""
    snapshot = shared.status_monitor.snapshot
    found = await stored_record(shared.database, legislator_id, RecordKind.LEGISLATOR)
    memberships, same, votes, bills = await asyncio.gather(
        load_memberships(shared.database, legislator_id=legislator_id, limit=MAX_MEMBERSHIPS),
        load_same_person(shared.database, legislator_id),
        count_member_votes(shared.database, legislator_id),
        _bill_counts(shared, legislator_id),
    )
    added = {
        "memberships": joined(map(membership_item, memberships.items)),
        "same_person": dump([asdict(one) for one in same]),
        "counts": dump({**bills, "votes": votes}),
    }
    return detail_reply(with_fields(found.document, added), found.changed_at, snapshot, dated=False)


@router.get(
    "/{legislator_id}/bills",
    response_model=LegislatorBillList,
    responses=problems(404),
    operation_id="listLegislatorBills",
    summary="Bills of a legislator",
)
async def list_bills(
    request: Request,
    shared: Shared,
    legislator_id: LegislatorId,
    asked: Annotated[LegislatorBillParameters, Query()],
) -> Response:
    """Bills that the legislator signed as author or co-author, or reports on, newest action first. All filters of
    `/bills` are there, with `legislator_id`."""
    wanted, path = roles(asked), request.url.path
    question = question_hash(path, asked)
    after = None if asked.cursor is None else decode_place(asked.cursor, question)
    snapshot = shared.status_monitor.snapshot
    await stored_record(shared.database, legislator_id, RecordKind.LEGISLATOR)
    state = shared.index.require(snapshot.epoch)
    ask = partial(legislator_bills, legislator_id=legislator_id, roles=wanted, limit=asked.limit, after=after)
    page = await shared.index.ask(ask, state)
    cursor = encode_place(page.last, question) if page.more and page.last is not None else None
    items = [hit.summary for hit in page.hits]
    return page_reply(path, shared, asked, items, cursor, snapshot, index_seq=state.position.seq)


@router.get(
    "/{legislator_id}/votes",
    response_model=LegislatorVoteList,
    responses=problems(404),
    operation_id="listLegislatorVotes",
    summary="Votes of a legislator",
)
async def list_votes(
    request: Request,
    shared: Shared,
    legislator_id: LegislatorId,
    asked: Annotated[LegislatorVoteParameters, Query()],
) -> Response:
    """Every published vote, newest first, with party and state of that day and the voting. Absences that the source
    does not list are not here."""
    since, until = period(asked.from_day, asked.to_day)

    async def read(after: Key | None, limit: int) -> RecordPage:
        page = await list_member_votes(
            shared.database, legislator_id, after=after, limit=limit, since=since, until=until
        )
        if not page.items:
            await stored_record(shared.database, legislator_id, RecordKind.LEGISLATOR)
        return RecordPage([_vote_item(one) for one in page.items], page.keys, page.more)

    return await keyset_reply(request, shared, asked, LEGISLATOR_VOTES, read, BY_VOTE)


def _vote_item(one: MemberVoteItem) -> bytes:
    told = {"option": one.option, "party": one.party, "state": one.state}
    return dump(told)[:-1] + b',"vote_event":%b}' % one.summary


async def _bill_counts(shared: Resources, legislator_id: str) -> dict[str, int | None]:
    """Bills by role, from the index; null while it is not ready."""
    try:
        state = shared.index.require(shared.status_monitor.snapshot.epoch)
        found = await shared.index.ask(partial(count_legislator_bills, legislator_id=legislator_id), state)
    except IndexNotReady:
        found = {}
    return {name: found.get(role) for name, role in _COUNTED.items()}


_COUNTED = {"authored": "author", "coauthored": "coauthor", "rapporteur": "rapporteur"}
