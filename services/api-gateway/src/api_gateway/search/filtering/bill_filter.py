"""Filter and sort of a list of bills, as values: read by `search.filtering.filters`, compiled by `search.query`."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, TypeVar

from api_gateway.search.language.text_query import SearchText

T = TypeVar("T")
RELEVANCE = "relevance"


@dataclass(frozen=True, slots=True)
class Choice(Generic[T]):
    """Values of one filter: at least one of `any_of` (where there are some) and not one of `none_of`."""

    any_of: tuple[T, ...] = ()
    none_of: tuple[T, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.any_of or self.none_of)


@dataclass(frozen=True, slots=True)
class Range:
    """Whole numbers from `lower` to `upper`, both included; None is an open end."""

    field: str
    lower: int | None = None
    upper: int | None = None


@dataclass(frozen=True, slots=True)
class BillFilter:
    """All conditions on a list of bills, joined by AND; `choices` by the filter's name. Without any: all bills."""

    text: SearchText | None = None
    choices: tuple[tuple[str, Choice[Any]], ...] = ()
    ranges: tuple[Range, ...] = ()

    @property
    def names_bills(self) -> bool:
        """Whether single bills are asked for by key, which shows removed ones too."""
        return any(name in ("ids", "urns") for name, _ in self.choices)


class SortKey(StrEnum):
    """Sort keys of a list; the value is the index field that orders it."""

    LAST_ACTION_AT = "acted"
    INTRODUCED_ON = "introduced"
    CHANGED_AT = "changed"
    RELEVANCE = RELEVANCE


@dataclass(frozen=True, slots=True)
class Sort:
    """An order of the list. Relevance is always best first."""

    key: SortKey = SortKey.LAST_ACTION_AT
    descending: bool = True
