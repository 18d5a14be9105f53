"""The query parameters of look-ups: a bill by its name, ways to end a query, bills like one."""

from typing import Annotated

from pydantic import Field

from api_gateway.web.params.parameters import Limit, Parameters


class ResolveParameters(Parameters):
    """A name to look up."""

    q: str = Field(
        description="`PL 2630/2020`, the law that the bill became (`Lei 14.811/2024`), a LexML URN or alias, our id, "
        "an upstream id, or a page of either house",
        examples=["PL 2630/2020"],
        json_schema_extra={"maxLength": 500},
    )


class SuggestParameters(Parameters):
    """What somebody has typed so far."""

    q: str = Field(description="The beginning of a query: words, a label, a name", examples=["educ"], max_length=100)
    limit: Annotated[int, Field(ge=1, le=20, description="Suggestions of each kind", examples=[5], strict=False)] = 5


class SimilarParameters(Parameters):
    """Bills like one bill."""

    limit: Limit = 10
