"""Arguments of the tools that have many, as models; and the functions that the library registers for these."""

import inspect
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Literal, TypeVar, get_type_hints

from pydantic import BaseModel

from legis_cli.mcp_server.bounded_answers import DEFAULT_ITEMS
from legis_cli.mcp_server.tool_arguments import Cursor, FromDay, House, Limit, ToDay, described

Asked = TypeVar("Asked", bound=BaseModel)
Sort = Literal["-last_action_at", "last_action_at", "-introduced_on", "introduced_on", "-changed_at", "relevance"]


class BillSearch(BaseModel):
    """Arguments of `search_bills`."""

    q: Annotated[str | None, described('Words, "phrases", OR, -not; in Portuguese')] = None
    type: Annotated[str | None, described("Types such as PL or PL,PEC; a leading - excludes")] = None
    year: Annotated[int | str | None, described("2024, or 2023,2024")] = None
    number: Annotated[int | str | None, described("Number of the bill")] = None
    status: Annotated[str | None, described("Status words, joined by commas; see vocabulary bill_status")] = None
    house: House = None
    author: Annotated[str | None, described("Name of an author, or id of a legislator")] = None
    party: Annotated[str | None, described("Acronym of an author's party")] = None
    state: Annotated[str | None, described("Federal unit of an author, two letters")] = None
    subject: Annotated[str | None, described("Subject, such as Educação")] = None
    organization: Annotated[str | None, described("Acronym of the body where the bill is, such as CCJC")] = None
    in_progress: Annotated[bool | None, described("Only bills still in progress, or only ended ones")] = None
    introduced_from: FromDay = None
    introduced_to: ToDay = None
    last_action_from: FromDay = None
    last_action_to: ToDay = None
    as_of: Annotated[
        str | None,
        described("The list as it was on this day; needs type with year, or number: at most 1000 bills"),
    ] = None
    sort: Annotated[Sort | None, described("Default: newest action first")] = None
    limit: Limit = DEFAULT_ITEMS
    cursor: Cursor = None


class LegislatorSearch(BaseModel):
    """Arguments of `legislator`."""

    id: Annotated[str | None, described("Id, such as camara-deputy-204534; without it, people are searched")] = None
    q: Annotated[str | None, described("Words of a name, to search for people")] = None
    party: Annotated[str | None, described("Search: acronym of the party now")] = None
    state: Annotated[str | None, described("Search: federal unit, two letters")] = None
    house: House = None
    in_office: Annotated[bool | None, described("Search: only those in office, or only former ones")] = None
    section: Annotated[Literal["profile", "bills", "votes"], described("With an id: what to read of this person")] = (
        "profile"
    )
    limit: Limit = DEFAULT_ITEMS
    cursor: Cursor = None


def flattened(method: Callable[[Asked], Awaitable[str]], model: type[Asked]) -> Callable[..., Awaitable[str]]:
    """A function that takes the fields of the model as arguments of its own: the library reads them from its
    signature.
    """

    async def call(**arguments: Any) -> str:
        return await method(model(**arguments))

    hints = get_type_hints(model, include_extras=True)
    parameters = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=field.default, annotation=hints[name])
        for name, field in model.model_fields.items()
    ]
    call.__name__, call.__doc__ = method.__name__, method.__doc__
    call.__signature__ = inspect.Signature(parameters, return_annotation=str)  # type: ignore[attr-defined]
    return call
