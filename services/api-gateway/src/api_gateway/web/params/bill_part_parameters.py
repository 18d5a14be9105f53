"""Query parameters of the parts of one bill: versions, votings."""

from typing import Literal

from pydantic import Field

from api_gateway.web.params.parameters import FileParameters, PageParameters


class VersionParameters(PageParameters):
    """Versions of one bill."""

    format: Literal["json", "markdown"] = Field(
        "json",
        description="`markdown`: a document to read, with words that went struck out and words that came bold",
        examples=["json"],
    )
    sort: Literal["version", "-version"] = Field(
        "version", description="Oldest first, or with `-` newest first", examples=["-version"]
    )


class BillVoteParameters(PageParameters, FileParameters):
    """Votings of one bill. A file has one row for each member's vote."""
