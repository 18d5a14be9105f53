"""Dependencies that routes declare in their signatures: shared resources, parameters, and responses with problems."""

from typing import Annotated, Any

from fastapi import Depends, Path

from api_gateway.search.filtering.bill_filter import BillFilter
from api_gateway.search.filtering.filters import only_known_types, read_filter
from api_gateway.web.api_route import resources_of
from api_gateway.web.container import Resources
from api_gateway.web.params.parameters import BILL_ID, FilterParameters
from api_gateway.web.responses.reply_schemas import GoneProblem, Problem

PROBLEM_JSON = "application/problem+json"
_MEANINGS = {
    400: "A parameter is unknown or cannot be taken; `errors` names it",
    401: "The API key is unknown, expired or revoked; requests without a key are answered",
    403: "The API key lacks the required scope",
    404: "No such resource",
    405: "The address does not take this method; `Allow` lists those it takes",
    406: "Nothing that `Accept` names can be served",
    409: "The state of the subscription does not allow it, or there are too many",
    410: "What is asked for is of another time: the detail says where to begin",
    413: "GET and HEAD take no body; others take 16 KiB",
    414: "The address has more than 8 KiB",
    415: "The body is of a type that the address does not read",
    416: "The range begins behind the end of the file; `Content-Range` says how long that is",
    429: "More requests than the limit; `Retry-After` says when the next may come",
    431: "The headers are too large",
    500: "A failure of ours",
    503: "Cannot be answered now; `Retry-After` says when to try again",
    504: "Took too long between our own servers; `Retry-After` says when to try again",
}
_MODELS = {410: GoneProblem}
_OF_EVERY_RESOURCE = (400, 401, 403, 405, 406, 413, 414, 429, 431, 500, 503, 504)


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """OpenAPI responses for these statuses and for those that every resource may return."""
    return {
        status: {"model": _MODELS.get(status, Problem), "description": _MEANINGS[status], "content": {PROBLEM_JSON: {}}}
        for status in sorted({*_OF_EVERY_RESOURCE, *statuses})
    }


Shared = Annotated[Resources, Depends(resources_of)]

BillId = Annotated[
    str,
    Path(
        description="Source and upstream id",
        examples=["camara-2256735"],
        pattern=f"^{BILL_ID}$",
        max_length=100,
    ),
]

_RECORD_ID = r"^[a-z][a-z0-9]*-[A-Za-z0-9._-]{1,100}$"


def _record_id(description: str, example: str) -> Any:
    return Path(description=description, examples=[example], pattern=_RECORD_ID, max_length=120)


LegislatorId = Annotated[str, _record_id("Id of a legislator", "camara-deputy-204534")]
OrganizationId = Annotated[str, _record_id("Id of an organization", "camara-org-2003")]
EventId = Annotated[str, _record_id("Id of a session or meeting", "camara-event-70123")]
VoteEventId = Annotated[str, _record_id("Id of a voting", "camara-vote-2256735-87")]


def filter_of(asked: FilterParameters, shared: Resources) -> BillFilter:
    """The filter that the parameters describe. Raises InvalidParameter."""
    given = asked.filters()
    return read_filter(given, frozenset() if only_known_types(given) else shared.types_met())
