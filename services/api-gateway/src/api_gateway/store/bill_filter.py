"""What a reader may ask of the list of bills, as values: no SQL, no HTTP."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar

from legis.domain.identifiers import BillLabel
from legis.made_once import made_once

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Choice(Generic[T]):
    """Values of one filter: at least one of `any_of` (where there are some) and not one of `none_of`."""

    any_of: tuple[T, ...] = ()
    none_of: tuple[T, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.any_of or self.none_of)


class SortKey(StrEnum):
    """What a list can be ordered by; the id breaks ties in the same direction."""

    LAST_ACTION_AT = "last_action_at"
    INTRODUCED_ON = "introduced_on"
    CHANGED_AT = "changed_at"
    RELEVANCE = "relevance"


@dataclass(frozen=True, slots=True)
class Sort:
    """An order of the list. Relevance is always best first."""

    key: SortKey = SortKey.LAST_ACTION_AT
    descending: bool = True


@dataclass(frozen=True, slots=True)
class SearchText:
    """Words asked for: `folded` as `legis.domain.search_text.fold` gives them, `beginnings` those of which only the
    beginning is given, `label` where they are a bill's."""

    folded: str
    label: BillLabel | None = None
    beginnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class End:
    """One end of a range of dates: `>=`, `<=` or `<` a value."""

    key: SortKey
    operator: str
    value: date


@dataclass(frozen=True, kw_only=True)
class BillFilter:
    """All conditions on a list of bills, joined by AND. Bounds of instants: `from` included, `before` excluded."""

    text: SearchText | None = None
    chamber: Choice[str] = field(default_factory=Choice)
    type_code: Choice[str] = field(default_factory=Choice)
    number: Choice[int] = field(default_factory=Choice)
    year: Choice[int] = field(default_factory=Choice)
    status: Choice[str] = field(default_factory=Choice)
    in_progress: bool | None = None
    author: Choice[str] = field(default_factory=Choice)
    party: Choice[str] = field(default_factory=Choice)
    state: Choice[str] = field(default_factory=Choice)
    subject: Choice[str] = field(default_factory=Choice)
    organization: Choice[str] = field(default_factory=Choice)
    introduced_from: date | None = None
    introduced_to: date | None = None
    last_action_from: datetime | None = None
    last_action_before: datetime | None = None
    changed_since: datetime | None = None
    ids: tuple[str, ...] = ()
    urns: tuple[str, ...] = ()

    @property
    def choices(self) -> tuple[Choice[Any], ...]:
        """All filters of which several values may be wanted, and unwanted."""
        return (
            self.chamber, self.type_code, self.number, self.year, self.status, self.author, self.party, self.state,
            self.subject, self.organization,
        )  # fmt: skip

    @made_once
    def ends(self) -> list[End]:
        """The ends of ranges that are asked for."""
        found = (
            (SortKey.INTRODUCED_ON, ">=", self.introduced_from),
            (SortKey.INTRODUCED_ON, "<=", self.introduced_to),
            (SortKey.LAST_ACTION_AT, ">=", self.last_action_from),
            (SortKey.LAST_ACTION_AT, "<", self.last_action_before),
            (SortKey.CHANGED_AT, ">=", self.changed_since),
        )
        return [End(key, operator, value) for key, operator, value in found if value is not None]

    @property
    def names_bills(self) -> bool:
        """Whether single bills are asked for by key, which shows removed ones too."""
        return bool(self.ids or self.urns)


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page ended: the sort value of its last bill and that bill's id."""

    value: datetime | date | float
    id: str


@dataclass(frozen=True, slots=True)
class Page:
    """Rendered summaries in order, where the last of them stands, and whether others follow it."""

    summaries: list[bytes]
    last: Position | None
    more: bool
