"""`/organizations`: search and list, one organization, its members."""

from datetime import date
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request
from legis.clock import utc_now
from legis.domain.brasilia_time import local_day
from legis.domain.records.record import RecordKind
from starlette.responses import Response

from api_gateway.documents.records.membership_items import membership_item
from api_gateway.documents.records.record_documents import with_fields
from api_gateway.store.records.reading.record_reader import (
    MemberFilter,
    count_members,
    list_organizations,
    load_memberships,
)
from api_gateway.web.api_route import ApiRoute
from api_gateway.web.dependencies import OrganizationId, Shared, problems
from api_gateway.web.files.list_columns import ORGANIZATIONS
from api_gateway.web.params.cursor import decode_offset, encode_offset, question_hash
from api_gateway.web.params.parameters import NoParameters
from api_gateway.web.params.record_filters import day, organization_filter
from api_gateway.web.params.record_parameters import MemberParameters, OrganizationParameters
from api_gateway.web.responses.json_responses import dump
from api_gateway.web.responses.record_replies import BY_NAME, detail_reply, keyset_reply, page_reply, stored_record
from api_gateway.web.responses.record_schemas import MemberList, OrganizationList, OrganizationReply

router = APIRouter(prefix="/api/v1/organizations", tags=["organizations"], route_class=ApiRoute)


@router.get(
    "",
    response_model=OrganizationList,
    responses=problems(),
    operation_id="listOrganizations",
    summary="Search and list organizations",
)
async def list_all(request: Request, shared: Shared, asked: Annotated[OrganizationParameters, Query()]) -> Response:
    """Committees, plenaries, boards, parties, blocs and other bodies that match every filter, by name."""
    read = partial(list_organizations, shared.database, organization_filter(asked))
    return await keyset_reply(request, shared, asked, ORGANIZATIONS, read, BY_NAME)


@router.get(
    "/{organization_id}",
    response_model=OrganizationReply,
    responses=problems(404),
    operation_id="getOrganization",
    summary="One organization, complete",
)
async def get_organization(
    shared: Shared, organization_id: OrganizationId, asked: Annotated[NoParameters, Query()]
) -> Response:
    """Names over time, parent, successors, and where its members, bills and votings are. A removed record has
    `removed_at`."""
    snapshot = shared.status_monitor.snapshot
    found = await stored_record(shared.database, organization_id, RecordKind.ORGANIZATION)
    members = await count_members(shared.database, organization_id, local_day(utc_now()))
    document = with_fields(found.document, {"members_now": dump(members)})
    return detail_reply(document, found.changed_at, snapshot, dated=False)


@router.get(
    "/{organization_id}/members",
    response_model=MemberList,
    responses=problems(404),
    operation_id="listOrganizationMembers",
    summary="Members of an organization",
)
async def list_members(
    request: Request,
    shared: Shared,
    organization_id: OrganizationId,
    asked: Annotated[MemberParameters, Query()],
) -> Response:
    """Memberships from the organization's lists and from those of its members, each once, newest first."""
    question, wanted = question_hash(request.url.path, asked), _wanted(asked)
    offset = 0 if asked.cursor is None else decode_offset(asked.cursor, question)
    snapshot = shared.status_monitor.snapshot
    page = await load_memberships(
        shared.database, organization_id=organization_id, on=wanted, offset=offset, limit=asked.limit
    )
    if not page.total:
        await stored_record(shared.database, organization_id, RecordKind.ORGANIZATION)
    items = [membership_item(item) for item in page.items]
    end = offset + len(items)
    cursor = encode_offset(end, question) if items and end < page.total else None
    return page_reply(request.url.path, shared, asked, items, cursor, snapshot)


def _wanted(asked: MemberParameters) -> MemberFilter:
    """The day on which the membership holds, or does not. Raises InvalidParameter."""
    at: date | None = day("at", asked.at)
    return MemberFilter(at=at, active=asked.active, today=local_day(utc_now()))
