"""The query of a list page: the parameters of the API's list in the address, and where the list goes on."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from api_gateway.site.api_client import ApiReply
from api_gateway.site.visit import Pairs, Visit
from api_gateway.site.wording import Words

OF_THE_PAGE = frozenset({"format", "dialect", "agenda"})
"""Parameters of the API that the page decides; in an address they are passed over."""

STATES = (
    "AC", "AL", "AM", "AP", "BA", "CE", "DF", "ES", "GO", "MA", "MG", "MS", "MT", "PA", "PB", "PE", "PI", "PR", "RJ",
    "RN", "RO", "RR", "RS", "SC", "SE", "SP", "TO",
)  # fmt: skip
"""Federal units, as both houses write them."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a select field."""

    value: str
    text: str
    selected: bool


@dataclass(frozen=True, slots=True)
class PagerView:
    """Where a list goes on. `count` is the number of items on this page."""

    count: int
    next: str | None
    first: str | None


class ListFrame(NamedTuple):
    """Frame of a list: filters without a field of their own, whether any filter is on, where the list goes on,
    and its addresses as CSV and as JSON.
    """

    kept: Pairs
    filtered: bool
    pager: PagerView
    csv: str
    json: str


def given(visit: Visit) -> Pairs:
    """The parameters of the address without empty ones and without those that the page decides."""
    return tuple((name, value.strip()) for name, value in visit.query if value.strip() and name not in OF_THE_PAGE)


def without(pairs: Iterable[tuple[str, str]], *names: str) -> Pairs:
    """The pairs but for some names."""
    return tuple(pair for pair in pairs if pair[0] not in names)


def with_defaults(pairs: Pairs, defaults: Pairs) -> Pairs:
    """The pairs, and each default whose name is not among them."""
    named = {name for name, _ in pairs}
    return (*pairs, *(pair for pair in defaults if pair[0] not in named))


def pager(visit: Visit, path: str, given_pairs: Pairs, listed: ApiReply) -> PagerView:
    """The pager of a list that these pairs of the address asked for. `path` is the page's."""
    query = without(given_pairs, "cursor")
    cursor = listed.page.get("next_cursor")
    following = visit.url(path, (*query, ("cursor", cursor))) if cursor else None
    first = visit.url(path, query) if visit.one("cursor") else None
    return PagerView(len(listed.data), following, first)


def choices(words: Words, vocabulary: str, values: Collection[str], chosen: str) -> tuple[Choice, ...]:
    """The values of a vocabulary as a select field; one that is chosen but unknown is offered too."""
    known = [*values, *([chosen] if chosen and chosen not in values else [])]
    return tuple(Choice(value, words.label(vocabulary, value).text, value == chosen) for value in known)


def plain_choices(values: Collection[str], chosen: str) -> tuple[Choice, ...]:
    """Values that are their own words."""
    known = [*values, *([chosen] if chosen and chosen not in values else [])]
    return tuple(Choice(value, value, value == chosen) for value in known)


def csv_address(visit: Visit, path: str, pairs: Pairs) -> str:
    """The address of the whole list as CSV."""
    return visit.api(path, (*without(pairs, "cursor", "limit"), *csv_pairs(visit)))


def csv_pairs(visit: Visit) -> Pairs:
    """The parameters that ask for CSV; Portuguese spreadsheets open semicolons."""
    return (("format", "csv"), *((("dialect", "excel-pt"),) if visit.words.short == "pt" else ()))


def list_frame(
    visit: Visit, path: str, api_path: str, listed: ApiReply, fields: Collection[str], asked: Pairs | None = None
) -> ListFrame:
    """Makes the frame of a list. `fields` are the parameters with a field of their own in the form; `asked` is the
    query of the API where it is not that of the address.
    """
    query = given(visit)
    of_the_api = query if asked is None else asked
    return ListFrame(
        without(query, *fields, "cursor"),
        bool(without(query, "cursor", "limit")),
        pager(visit, path, query, listed),
        csv_address(visit, api_path, of_the_api),
        visit.full_api(api_path, without(of_the_api, "cursor")),
    )
