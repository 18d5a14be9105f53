"""Fields that the public shapes of records have in common, each declared once: type, description, example."""

from datetime import date
from typing import Annotated

from legis.domain.vocabulary import Source
from pydantic import AwareDatetime, Field

from api_gateway.documents.shapes import Out, described

RecordSource = Annotated[
    Source | None,
    Field(
        description="House whose API the record is from; null for parties, which Legis itself keeps",
        examples=["camara"],
    ),
]
UpstreamId = Annotated[str, Field(description="Key of the record at its source", examples=["204534"])]
LegislatorKey = Annotated[
    str, Field(description="Stable id: source, `deputy` or `senator`, upstream id", examples=["camara-deputy-204534"])
]
OrganizationKey = Annotated[
    str,
    Field(
        description="Stable id: source, `org`, upstream id; `party-` and the party's key for a party",
        examples=["camara-org-2003"],
    ),
]
VoteEventKey = Annotated[
    str,
    Field(
        description="Stable id: source, `vote` or `committee-vote`, upstream id", examples=["camara-vote-2256735-87"]
    ),
]
EventKey = Annotated[
    str,
    Field(
        description="Stable id: source, `event`, `session` or `meeting`, upstream id", examples=["camara-event-70123"]
    ),
]
Legislature = Annotated[
    int | None, Field(description="Number of the legislature (legislatura) of four years", examples=[57])
]
FirstDay = Annotated[
    date | None, Field(description="First day, Brasília's calendar; null: not known", examples=["2023-02-01"])
]
LastDay = Annotated[
    date | None,
    Field(
        description="Last day, Brasília's calendar; null: it goes on, or the source does not say",
        examples=["2027-01-31"],
    ),
]
PartyNow = Annotated[
    str | None,
    Field(description="Party (partido) as of the newest reading: the key under which it is filtered", examples=["PSB"]),
]
CreatedAt = Annotated[
    AwareDatetime, Field(description="When the record was first met here", examples=["2026-01-05T09:12:44Z"])
]


class RecordLinks(Out):
    """Addresses of a record and of its sub-resources, relative to the server."""

    self: str = described("The record itself", "/api/v1/vote-events/camara-vote-2256735-87")
