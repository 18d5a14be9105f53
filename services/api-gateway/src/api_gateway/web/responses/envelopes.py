"""What every reply of the public API is put into, for its OpenAPI description."""

from typing import Generic, Literal, TypeVar

from legis.domain.vocabulary import Source
from legis.domain.word_enum import Word
from pydantic import AwareDatetime

from api_gateway.documents.shapes import Shape, described
from api_gateway.store.sources.source_state import Shortfall, SourceState

T = TypeVar("T")


class Freshness(Shape):
    """How current one source is."""

    source: Source = described("House whose API it is", "camara")
    state: SourceState = described(
        "FRESH: all that the source showed until the last success is here. PARTIAL: something is not. "
        "STALE: its circuit is open or its data are older than the freshness goal. BLOCKED: it has shut us out. "
        "UNKNOWN: never read yet",
        "FRESH",
    )
    last_success_at: AwareDatetime | None = described("Last complete look at what changed", "2026-03-02T14:00:00Z")
    reasons: list[Shortfall] = described("Why it is not FRESH, the gravest first", ["BACKFILL_RUNNING"])


class Dataset(Word):
    """Which data the reply is from; the two are never in one database."""

    LIVE = "live"
    SAMPLE = "sample"


class Meta(Shape):
    """About the data, not of them."""

    dataset: Dataset = described("`live`: data of the chambers. `sample`: invented by the simulator", "live")
    freshness: list[Freshness] = described("How current each source is")
    notice: str | None = described(
        "Something that a client should show to people; left out when there is nothing",
        "The data of camara may be out of date.",
        default=None,
    )


class Count(Shape):
    """How many items match."""

    value: int = described("Number of items", 1284, ge=0)
    kind: Literal["exact", "estimated"] = described("Always `exact` now", "exact")


class Page(Shape):
    """Where this page ends and the next begins."""

    limit: int = described("Most items that a page may have", 20)
    next_cursor: str | None = described("`cursor` of the next page; null on the last", "eyJvZmZzZXQiOjIwfQ")
    next: str | None = described(
        "Address of the next page; null on the last", "/api/v1/bills?limit=20&cursor=eyJvZmZzZXQiOjIwfQ"
    )
    count: Count | None = described("How many items match; only where `count` asks for it")


class FacetValue(Shape):
    """One value and how often it occurs."""

    value: str | int = described("The value, as the filter of the facet's name takes it", "PL")
    count: int = described("Bills that have it", 812)


class One(Shape, Generic[T]):
    """A single thing."""

    data: T = described("The thing itself")
    meta: Meta = described("About the data, not of them")


class Many(Shape, Generic[T]):
    """A page of things."""

    data: list[T] = described("The things of this page, in order")
    page: Page = described("Where this page ends and the next begins")
    meta: Meta = described("About the data, not of them")
