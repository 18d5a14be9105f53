"""Filter and sort order of a list of bills, as values: parsed by `filtering.filters`, compiled by `query_compiler`."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, TypeVar

from api_gateway.search.language.text_query import SearchText

T = TypeVar("T")
RELEVANCE = "relevance"


@dataclass(frozen=True, slots=True)
class Choice(Generic[T]):
    """Values of one filter: a bill must have at least one of `any_of` (if there are any) and none of `none_of`."""

    any_of: tuple[T, ...] = ()
    none_of: tuple[T, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.any_of or self.none_of)


@dataclass(frozen=True, slots=True)
class Range:
    """Whole numbers from `lower` to `upper`, both included; None means no limit."""

    field: str
    lower: int | None = None
    upper: int | None = None


@dataclass(frozen=True, slots=True)
class BillFilter:
    """All conditions on a list of bills, joined by AND. `choices` are by filter name. An empty filter selects all
    bills.
    """

    text: SearchText | None = None
    choices: tuple[tuple[str, Choice[Any]], ...] = ()
    ranges: tuple[Range, ...] = ()

    @property
    def names_bills(self) -> bool:
        """Whether bills are selected by key, which includes removed ones."""
        return any(name in ("ids", "urns") for name, _ in self.choices)


class SortKey(StrEnum):
    """Sort keys of a list; each value is the index field to sort by."""

    LAST_ACTION_AT = "acted"
    INTRODUCED_ON = "introduced"
    CHANGED_AT = "changed"
    RELEVANCE = RELEVANCE


@dataclass(frozen=True, slots=True)
class Sort:
    """Sort key and direction. Relevance is always sorted best first."""

    key: SortKey = SortKey.LAST_ACTION_AT
    descending: bool = True
