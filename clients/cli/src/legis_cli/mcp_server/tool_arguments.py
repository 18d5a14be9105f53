"""Arguments that several tools share, with the words that the packaged types know."""

from typing import Annotated, Any, get_args

from legis_client import api_types
from pydantic import Field

from legis_cli.mcp_server.bounded_answers import DEFAULT_ITEMS, MAX_ITEMS

VOCABULARIES = {
    "house": "Chamber",
    "bill_type": "BillType",
    "bill_status": "BillStatus",
    "action_kind": "ActionKind",
    "change_kind": "ChangeKind",
    "event_status": "EventStatus",
    "event_classification": "EventClassification",
    "vote_option": "VoteOption",
    "vote_purpose": "VotePurpose",
    "vote_result": "VoteResult",
    "journey_stage": "Stage",
    "organization_classification": "Classification",
}
"""Types of the client by the names that the tool `vocabulary` takes."""


def words(name: str) -> list[str]:
    """The known words of a vocabulary; the API may tell others later."""
    return [word for part in get_args(getattr(api_types, VOCABULARIES[name])) for word in get_args(part)]


def described(text: str, vocabulary: str | None = None) -> Any:
    """The description of an argument; with a short vocabulary, its words too."""
    return Field(description=text if vocabulary is None else f"{text}. One of: {', '.join(words(vocabulary))}")


Limit = Annotated[int, Field(ge=1, le=MAX_ITEMS, description="Most items of this answer")]
Cursor = Annotated[
    str | None, Field(description="next_cursor of the answer before; repeat all other arguments as they were")
]
BillName = Annotated[str, Field(min_length=1, description="Id (camara-2256735) or label with year (PL 2630/2020)")]
House = Annotated[str | None, described("House", "house")]
FromDay = Annotated[str | None, Field(description="First day, YYYY-MM-DD")]
ToDay = Annotated[str | None, Field(description="Last day, included, YYYY-MM-DD")]
FEW = DEFAULT_ITEMS
