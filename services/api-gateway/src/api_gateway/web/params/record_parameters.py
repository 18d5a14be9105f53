"""The query parameters of legislators, organizations, votings and agreement, with the words that OpenAPI shows."""

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from legis.domain.records.organization_record import Classification
from legis.domain.vocabulary import Chamber
from legis.domain.voting import VoteOption, VotePurpose, VoteResult
from pydantic import BeforeValidator, Field

from api_gateway.search.filtering.values import spelled
from api_gateway.search.index_documents import ROLES
from api_gateway.web.params.parameters import Cursor, FileParameters, Limit, Parameters, Values

_SEVERAL = "Repeated or comma-separated values are OR. "
_DAY: dict[str, Any] = {"maxLength": 40}


def _listed(words: Iterable[str]) -> str:
    return ", ".join(words) + "; open list"


House = Annotated[
    str | None, Field(max_length=40, description=f"House: {', '.join(Chamber)}; open list", examples=["CAMARA"])
]
FromDay = Annotated[
    str | None,
    Field(alias="from", description="First day, Brasília's calendar", examples=["2023-02-01"], json_schema_extra=_DAY),
]
ToDay = Annotated[
    str | None,
    Field(
        alias="to",
        description="Last day, included, Brasília's calendar",
        examples=["2030-12-31"],
        json_schema_extra=_DAY,
    ),
]
PartyLabel = Annotated[
    str | None,
    Field(
        max_length=40,
        description="Party by any acronym that it has or had, accents and case aside. An acronym that came again is "
        "its newest bearer; `PL-1985` is the one of 1985",
        examples=["PSB"],
    ),
]
OrganizationRef = Annotated[
    str | None, Field(max_length=120, description="Id of an organization", examples=["camara-org-2003"])
]
LegislatorRef = Annotated[
    str | None, Field(max_length=120, description="Id of a legislator", examples=["camara-deputy-204534"])
]


class LegislatorParameters(FileParameters):
    """Search and list legislators."""

    q: str | None = Field(
        None,
        description="Words of the parliamentary or civil name, all of which must occur, the last one perhaps only its "
        "beginning; without regard to accents and case",
        examples=["tabata"],
        max_length=100,
    )
    house: House = None
    state: str | None = Field(None, max_length=40, description="Federal unit, two letters", examples=["SP"])
    party: PartyLabel = None
    in_office: bool | None = Field(None, description="Whether the legislator holds a seat now", examples=[True])
    legislature: int | None = Field(None, ge=1, le=1000, description="With a term in this legislature", examples=[57])
    organization: OrganizationRef = Field(
        None, max_length=120, description="Members today of this organization, by its id", examples=["camara-org-2003"]
    )
    limit: Limit = 20
    cursor: Cursor = None


class LegislatorBillParameters(Parameters):
    """Bills of one legislator."""

    role: Values = Field(
        (),
        description=f"{_SEVERAL}Role in the bill: {', '.join(ROLES)}. Default: any",
        examples=[["rapporteur"]],
        max_length=100,
    )
    limit: Limit = 20
    cursor: Cursor = None


class LegislatorVoteParameters(FileParameters):
    """Votes of one legislator."""

    from_day: FromDay = None
    to_day: ToDay = None
    limit: Limit = 20
    cursor: Cursor = None


class OrganizationParameters(FileParameters):
    """Search and list organizations."""

    q: str | None = Field(
        None,
        description="Words of the name, all of which must occur, the last one perhaps only its beginning; or the "
        "acronym; without regard to accents and case",
        examples=["constituição"],
        max_length=100,
    )
    house: House = None
    classification: Values = Field(
        (),
        description=f"{_SEVERAL}Kind: {_listed(Classification)}",
        examples=[["PERMANENT"]],
        max_length=100,
    )
    active: bool | None = Field(None, description="Whether it exists now", examples=[True])
    parent: OrganizationRef = Field(
        None,
        max_length=120,
        description="Id of the organization that it is part of",
        examples=["camara-org-2003"],
    )
    limit: Limit = 20
    cursor: Cursor = None


class MemberParameters(Parameters):
    """Members of one organization."""

    active: bool | None = Field(
        None, description="`true`: only those of today; `false`: only former and future ones", examples=[True]
    )
    at: str | None = Field(None, description="Only those of this day", examples=["2024-06-01"], json_schema_extra=_DAY)
    limit: Limit = 20
    cursor: Cursor = None


class VoteEventParameters(FileParameters):
    """Search and list votings."""

    from_day: FromDay = None
    to_day: ToDay = None
    house: House = None
    organization: OrganizationRef = None
    bill: Values = Field(
        (),
        description=f"{_SEVERAL}Id of a bill; the same bill has one in each house",
        examples=[["camara-2256735"]],
        max_length=100,
    )
    purpose: Values = Field(
        (), description=f"{_SEVERAL}What was decided: {_listed(VotePurpose)}", examples=[["PASSAGE"]], max_length=100
    )
    result: Values = Field(
        (), description=f"{_SEVERAL}Result: {_listed(VoteResult)}", examples=[["PASSED"]], max_length=100
    )
    nominal: Literal["true", "false", "null"] | None = Field(
        None,
        description="Whether members were called by name; `null`: where the source does not say",
        examples=["true"],
    )
    legislator: LegislatorRef = Field(
        None,
        max_length=120,
        description="Only votings in which this legislator's vote is known",
        examples=["camara-deputy-204534"],
    )
    option: Values = Field(
        (),
        description=f"{_SEVERAL}Only with `legislator`: the vote was {_listed(VoteOption)}",
        examples=[["YES"]],
        max_length=100,
    )
    limit: Limit = 20
    cursor: Cursor = None


_ONE_OF_TWO = "Id of a legislator or of a party (`party-…`)"


class AgreementParameters(Parameters):
    """Rate of agreement of two legislators, of a legislator and a party, or of two parties."""

    a: str = Field(description=_ONE_OF_TWO, examples=["party-pt"], max_length=120)
    b: str = Field(
        description=f"{_ONE_OF_TWO}; the same party as `a`: how united it votes", examples=["party-pt"], max_length=120
    )
    house: Annotated[Literal["CAMARA", "SENADO"] | None, BeforeValidator(spelled("CAMARA", "SENADO"))] = Field(
        None,
        description="House whose plenary votings are compared; only needed for two parties: a legislator has one",
        examples=["CAMARA"],
    )
    from_day: FromDay = None
    to_day: ToDay = None
    options: Annotated[Literal["choices", "all"], BeforeValidator(spelled("choices", "all"))] = Field(
        "choices",
        description="`choices`: only Yes and No count. `all`: abstention and obstruction too",
        examples=["all"],
    )
