"""`/?q=…`: the results of a search, its filters with counts, and ways to take them along."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api_gateway.site.api_client import Api, ApiReply, if_there, together
from api_gateway.site.bills.bill_query import BillQuery, bill_query, filter_text, value_text
from api_gateway.site.bills.shown_bill import BillRow, bill_row
from api_gateway.site.following import FollowView, follow_search
from api_gateway.site.records.list_query import PagerView, csv_pairs, pager
from api_gateway.site.rendering import Alternate, Shown
from api_gateway.site.visit import Pairs, Visit

FACETS = ("chamber", "status", "type", "party", "year")
SHOWN_OPTIONS = 5
MOST_OPTIONS = 40
"""Values of a facet on the page; the rest is reached by other filters."""

SORTS = ("relevance", "-last_action_at", "-introduced_on", "introduced_on", "-changed_at")
_PATH = "/api/v1/bills"


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is on, and the address of the search without it."""

    text: str
    address: str


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
class Sort:
    """An order of the results."""

    value: str
    text: str
    selected: bool


@dataclass(frozen=True, slots=True)
class NamedRecord:
    """A legislator or a body whose name is like the words searched for. `page` is the pattern of its page."""

    text: str
    note: str
    address: str
    page: str


@dataclass(frozen=True, slots=True)
class ResultsView:
    """What the page shows."""

    q: str
    count: int
    rows: tuple[BillRow, ...]
    meant: tuple[Chip, ...]
    corrected: tuple[tuple[str, str], ...]
    loosely: str | None
    chips: tuple[Chip, ...]
    unfiltered: tuple[int, str] | None
    facets: tuple[Facet, ...]
    kept: Pairs
    sorts: tuple[Sort, ...]
    named: tuple[NamedRecord, ...]
    pager: PagerView
    csv: str
    json: str
    curl: str
    follow: FollowView


async def show_results(visit: Visit, api: Api) -> Shown:
    """The page: the list, names like the words, and counts of the facets that are chosen as if they were not."""
    query = bill_query(visit)
    chosen = [name for name in FACETS if query.values(name)]
    suggested = bool(query.q) and not query.values("cursor")
    asked = [api.get(_PATH, [*query.pairs, *_counted(query)])]
    if suggested:
        asked.append(if_there(api.get(f"{_PATH}/suggest", [("q", query.q[:100]), ("limit", "3")])))  # type: ignore[arg-type]
    places = api.most - len(asked)
    asked += [if_there(api.get(_PATH, _facet_alone(query, name))) for name in chosen[:places]]  # type: ignore[misc]
    listed, *others = await together(*asked)
    names = others.pop(0) if suggested else None
    wider = dict(zip(chosen, others, strict=False))
    whole = await _unfiltered(api, query) if not listed.data else None
    view = results_view(visit, query, listed, names, wider, whole)
    t = visit.words.t
    title = t("results.title", n=view.count, q=query.q) if query.q else t("results.title_all", n=view.count)
    return Shown(
        "results.html",
        view,
        title,
        (listed, names, *others, whole),
        t("results.description", n=view.count, q=query.q or t("results.everything")),
        alternates=(
            Alternate("application/json", view.json, "JSON"),
            Alternate("text/csv", view.csv, "CSV"),
            Alternate("application/atom+xml", view.follow.atom, "Atom"),
        ),
    )


def results_view(
    visit: Visit,
    query: BillQuery,
    listed: ApiReply,
    names: ApiReply | None = None,
    wider: Mapping[str, ApiReply | None] | None = None,
    whole: ApiReply | None = None,
) -> ResultsView:
    """What the page shows. `listed` is the reply of `/bills` with facets and count; `names` that of `/suggest`; `wider`
    are replies with the counts of one facet as if it were not chosen; `whole` is the search without filters.
    """
    words, meta = visit.words, listed.meta
    found = tuple(Chip(text, _search(visit, query.replaced("q", text))) for text in meta.get("suggestions") or ())
    reading = meta.get("search") or {}
    plain = query.without("cursor")
    return ResultsView(
        query.q,
        listed.page["count"]["value"],
        tuple(bill_row(visit, one) for one in listed.data),
        found,
        tuple((one["from"], one["to"]) for one in reading.get("corrected") or ()),
        words.label("SearchReadingMatched", reading["matched"]).text if reading.get("matched") else None,
        tuple(Chip(filter_text(words, *pair), _search(visit, query.without_pair(pair))) for pair in query.filters),
        _whole(visit, query, whole),
        tuple(_facet(visit, query, name, listed, (wider or {}).get(name)) for name in FACETS),
        tuple(pair for pair in query.filters if pair[0] not in (*FACETS, "in_progress")),
        _sorts(visit, query),
        _named(visit, names),
        pager(visit, "/", query.pairs, listed),
        visit.api(_PATH, [*plain, *csv_pairs(visit)]),
        visit.full_api(_PATH, plain),
        f"curl '{visit.full_api(_PATH, plain)}'",
        follow_search(visit, (*(("q", value) for value in query.values("q")), *query.filters)),
    )


def _counted(query: BillQuery) -> Pairs:
    marked: Pairs = (("highlight", "true"),) if query.q else ()
    return (*marked, ("count", "exact"), ("facets", ",".join(FACETS)))


def _facet_alone(query: BillQuery, name: str) -> Pairs:
    return (*query.without(name, "cursor", "limit", "sort"), ("facets", name), ("limit", "1"), ("fields", "id"))


async def _unfiltered(api: Api, query: BillQuery) -> ApiReply | None:
    """The same words without filters, where there is a request left for it."""
    if not query.q or not query.filters or api.calls >= api.most:
        return None
    return await if_there(api.get(_PATH, [("q", query.q), ("count", "exact"), ("limit", "1"), ("fields", "id")]))


def _whole(visit: Visit, query: BillQuery, whole: ApiReply | None) -> tuple[int, str] | None:
    if whole is None or not whole.page["count"]["value"]:
        return None
    return whole.page["count"]["value"], _search(visit, (("q", query.q), ("sort", "relevance")))


def _search(visit: Visit, pairs: Sequence[tuple[str, str]]) -> str:
    return visit.url("/", pairs)


def _facet(visit: Visit, query: BillQuery, name: str, listed: ApiReply, wider: ApiReply | None) -> Facet:
    """The values of a facet, chosen ones first; those that were not counted have no number."""
    source = listed if wider is None else wider
    counts = {str(one["value"]): one["count"] for one in source.document["facets"]["values"].get(name) or ()}
    chosen = query.values(name)
    known = [*chosen, *(value for value in counts if value not in chosen and value != "None")]
    options = tuple(
        Option(value, value_text(visit.words, name, value), counts.get(value), value in chosen)
        for value in known[:MOST_OPTIONS]
    )
    first = max(SHOWN_OPTIONS, len(chosen))
    return Facet(name, visit.words.t(f"results.filter_{name}"), options[:first], options[first:])


def _sorts(visit: Visit, query: BillQuery) -> tuple[Sort, ...]:
    """The orders; relevance needs words. The API's own order is that of the newest action."""
    chosen = (query.values("sort") or ("-last_action_at",))[-1]
    offered = SORTS if query.q else SORTS[1:]
    known = offered if chosen in offered else (*offered, chosen)
    return tuple(Sort(value, _sort_text(visit, value), value == chosen) for value in known)


def _sort_text(visit: Visit, value: str) -> str:
    name = "sort_" + value.replace("-", "newest_")
    return visit.words.t(f"results.{name}") if visit.words.has("results", name) else value


def _named(visit: Visit, names: ApiReply | None) -> tuple[NamedRecord, ...]:
    if names is None:
        return ()
    label = visit.words.label
    people = tuple(
        NamedRecord(one["name"], _side(one), visit.url(f"/legislators/{one['id']}"), "/legislators/{legislator_id}")
        for one in names.data.get("legislators") or ()
    )
    bodies = tuple(
        NamedRecord(
            one["name"] or one["acronym"],
            label("Chamber", one["house"]).text if one.get("house") else "",
            visit.url(f"/committees/{one['id']}"),
            "/committees/{organization_id}",
        )
        for one in names.data.get("organizations") or ()
    )
    return people + bodies


def _side(one: Mapping[str, Any]) -> str:
    return "-".join(part for part in (one.get("party"), one.get("state")) if part)
