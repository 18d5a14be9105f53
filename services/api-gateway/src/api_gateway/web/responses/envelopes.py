"""What every reply of the public API is put into, for its OpenAPI description."""

from typing import Generic, Literal, TypeVar

from legis.domain.vocabulary import Source
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api_gateway.store.sources.source_state import Shortfall, SourceState

T = TypeVar("T")


class Shape(BaseModel):
    """Base of the shapes: fields may be added in later versions."""

    model_config = ConfigDict(frozen=True, extra="allow")


class FreshnessOut(Shape):
    """How current one source is."""

    source: Source
    state: SourceState = Field(
        description="FRESH: all that the source showed until the last success is here. PARTIAL: something is not. "
        "STALE: its circuit is open or its data are older than the freshness goal. BLOCKED: it has shut us out. "
        "UNKNOWN: never read yet"
    )
    last_success_at: AwareDatetime | None = Field(description="Last complete look at what changed")
    reasons: list[Shortfall] = Field(description="Why it is not FRESH, the gravest first")


class Meta(Shape):
    """About the data, not of them."""

    dataset: Literal["live", "sample"]
    freshness: list[FreshnessOut]
    notice: str | None = Field(None, description="Something a client should show; left out when there is nothing")


class CountOut(Shape):
    """How many items match."""

    value: int = Field(ge=0)
    kind: Literal["exact", "estimated"] = Field(description="Always `exact` now")


class Page(Shape):
    """Where this page ends and the next begins."""

    limit: int
    next_cursor: str | None
    next: str | None = Field(description="Address of the next page; null on the last")
    count: CountOut | None = Field(description="Only where `count` asks for it")


class FacetValue(Shape):
    """One value and how often it occurs."""

    value: str | int
    count: int


class One(Shape, Generic[T]):
    """A single thing."""

    data: T
    meta: Meta


class Many(Shape, Generic[T]):
    """A page of things."""

    data: list[T]
    page: Page
    meta: Meta
