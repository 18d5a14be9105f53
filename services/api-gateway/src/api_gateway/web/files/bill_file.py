"""The list of bills as a file: all matches of the query, in its order."""

from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from api_gateway.search.filtering.bill_filter import SortKey
from api_gateway.search.index.index_state import IndexState
from api_gateway.search.relevance import MAX_OFFSET
from api_gateway.web.container import Resources
from api_gateway.web.files.file_format import FileFormat
from api_gateway.web.files.file_reply import MOST_ROWS, ROWS_OF_A_PAGE, ListFile, file_reply
from api_gateway.web.files.list_columns import BILL_COLUMNS
from api_gateway.web.params.list_request import ListQuestion
from api_gateway.web.params.parameters import BillParameters
from api_gateway.web.pipeline.limits.patient_slot import patient_slot
from api_gateway.web.pipeline.request_context import RequestContext, context_of
from api_gateway.web.responses.list_meta import list_answer

_COST = 2
"""Slots of admission that the search for one page takes at least."""


async def bills_file(
    request: Request, shared: Resources, question: ListQuestion, asked: BillParameters, wanted: FileFormat
) -> Response:
    """The file. All its pages come from one state of the index, so that none is missing or twice. Raises
    IndexNotReady.
    """
    state = shared.index.require(shared.status_monitor.snapshot.epoch)
    context = context_of(request.scope)
    first = replace(question, limit=1, counted=True, facets=(), explained=False)
    async with shared.admission.slot(context.client, max(_COST, context.cost)):
        counted = await shared.index.ask(partial(list_answer, first), state)
    columns = [one for one in BILL_COLUMNS if not question.fields or one.name in question.fields]
    file = ListFile(
        name="bills",
        columns=columns,
        format=wanted,
        dialect=asked.dialect,
        most=_most(question, asked),
        total=counted.count,
    )
    return await file_reply(request, shared, file, _pages(shared, state, question, context))


def _most(question: ListQuestion, asked: BillParameters) -> int:
    """Most rows that the file is to have; by relevance no more than are ranked."""
    most = asked.limit if "limit" in asked.model_fields_set else MOST_ROWS
    return min(most, MAX_OFFSET) if question.sort.key is SortKey.RELEVANCE else most


async def _pages(
    shared: Resources, state: IndexState, question: ListQuestion, context: RequestContext
) -> AsyncIterator[list[bytes]]:
    page = replace(question, limit=ROWS_OF_A_PAGE, counted=False, facets=(), explained=False)
    while True:
        async with patient_slot(shared.admission, context.client, max(_COST, context.cost)):
            found = await shared.index.ask(partial(list_answer, page), state)
        yield found.items
        if found.next_place is None:
            return
        page = replace(page, after=found.next_place)
