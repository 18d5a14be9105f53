"""The same search without some of its filters: what else a facet has, and what an empty search would find."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api_gateway.site.api_client import ApiReply
from api_gateway.site.bills.bill_query import BillQuery, filter_text, value_text
from api_gateway.site.visit import Pairs, Visit

FACETS = ("chamber", "status", "type", "party", "year")
SHOWN_OPTIONS = 5
MOST_OPTIONS = 40
"""Values of a facet on the page; the rest is reached by other filters."""

Names = tuple[str, ...]
Wider = Mapping[Names, ApiReply | None]
"""Replies to the search without the filters of these names."""


@dataclass(frozen=True, slots=True)
class Option:
    """A value of a facet. `count` is None where the API did not count it."""

    value: str
    text: str
    count: int | None
    checked: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """A group of check boxes: the first few, and the rest behind a click."""

    name: str
    legend: str
    first: tuple[Option, ...]
    more: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class WayOut:
    """A wider search that finds something: what it leaves out, in words, and its address."""

    text: str
    address: str


def chosen_facets(query: BillQuery) -> Names:
    """The facets that have a chosen value."""
    return tuple(name for name in FACETS if query.values(name))


def to_leave_out(query: BillQuery, found: bool, places: int) -> tuple[Names, ...]:
    """Which filters to leave out in so many requests. A search that found something is asked again for the other values
    of its facets, an empty one for its ways out. Where there are too many for one request each, the last request
    leaves out all of them.
    """
    names = chosen_facets(query) if found else tuple(dict.fromkeys(name for name, _ in query.filters))
    if len(names) <= places:
        return tuple((name,) for name in names)
    return (*((name,) for name in names[: places - 1]), names) if places > 0 else ()


def without(query: BillQuery, names: Names) -> Pairs:
    """The parameters of the search without these filters: its number, and counts of those facets, but no bills."""
    counted = ",".join(name for name in names if name in FACETS)
    facets = (("facets", counted),) if counted else ()
    rest = query.without(*names, "cursor", "limit", "sort")
    return (*rest, *facets, ("count", "exact"), ("limit", "1"), ("fields", "id"))


def ways_out(visit: Visit, query: BillQuery, wider: Wider) -> tuple[WayOut, ...]:
    """The wider searches that find something, for a search that found nothing."""
    found = []
    for names, reply in wider.items():
        count = reply.page["count"]["value"] if reply is not None else 0
        if count:
            said = _without_text(visit, query, names, count)
            found.append(WayOut(said, visit.url("/", query.without(*names, "cursor"))))
    return tuple(found)


def facet(visit: Visit, query: BillQuery, name: str, listed: ApiReply, wider: Wider) -> Facet:
    """The values of a facet, chosen ones first. A chosen facet has the numbers of the search without it; where only the
    search without several facets is known, its other values have no number.
    """
    alone = wider.get((name,))
    several = next((reply for names, reply in wider.items() if len(names) > 1 and name in names and reply), None)
    counts = _counts(alone or listed, name)
    values = counts if alone or several is None else _counts(several, name)
    chosen = query.values(name)
    known = [*chosen, *(value for value in values if value not in chosen and value != "None")]
    options = tuple(
        Option(value, value_text(visit.words, name, value), counts.get(value), value in chosen)
        for value in known[:MOST_OPTIONS]
    )
    first = max(SHOWN_OPTIONS, len(chosen))
    return Facet(name, visit.words.t(f"results.filter_{name}"), options[:first], options[first:])


def _counts(reply: ApiReply, name: str) -> dict[str, int]:
    counted: Sequence[Mapping[str, int]] = reply.document["facets"]["values"].get(name) or ()
    return {str(one["value"]): one["count"] for one in counted}


def _without_text(visit: Visit, query: BillQuery, names: Names, count: int) -> str:
    if len(names) > 1:
        return visit.words.t("results.without_all", n=count)
    said = ", ".join(filter_text(visit.words, names[0], value) for value in query.values(names[0]))
    return visit.words.t("results.without_one", n=count, name=said)
