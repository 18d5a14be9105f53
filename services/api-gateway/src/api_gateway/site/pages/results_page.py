"""`/?q=…`: the results of a search, its filters with counts, and ways to take them along."""

from collections.abc import Sequence
from dataclasses import dataclass

from api_gateway.site.api_client import Api, ApiReply, if_there, together
from api_gateway.site.bills.bill_query import BillQuery, bill_query, filter_text
from api_gateway.site.bills.shown_bill import BillRow, bill_row
from api_gateway.site.following import FollowView, follow_search
from api_gateway.site.pages.wider_search import (
    FACETS,
    Facet,
    WayOut,
    Wider,
    chosen_facets,
    facet,
    to_leave_out,
    ways_out,
    without,
)
from api_gateway.site.records.list_query import PagerView, csv_address, pager
from api_gateway.site.rendering import Alternate, Shown
from api_gateway.site.visit import Pairs, Visit

SORTS = ("relevance", "-last_action_at", "-introduced_on", "introduced_on", "-changed_at")
MOST_NAMED = 6
"""Bills that a name may lead to on the page: in both houses they are seldom more."""

_PATH = "/api/v1/bills"
_LONGEST_NAME = 500
"""Characters of a name that the API takes."""

_IN_THE_FORM = ("q", "sort", "cursor", "in_progress")
"""Parameters with a field of their own, and the place in a list that a new search begins again."""


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is on, and the address of the search without it."""

    text: str
    address: str


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
    """The content of the results page."""

    q: str
    count: int
    rows: tuple[BillRow, ...]
    meant: tuple[Chip, ...]
    corrected: tuple[tuple[str, str], ...]
    loosely: str | None
    chips: tuple[Chip, ...]
    ways_out: tuple[WayOut, ...]
    facets: tuple[Facet, ...]
    kept: Pairs
    sorts: tuple[Sort, ...]
    named: tuple[NamedRecord, ...]
    resolved: tuple[BillRow, ...]
    pager: PagerView
    csv: str
    json: str
    curl: str
    calendar: str
    follow: FollowView


async def show_results(visit: Visit, api: Api) -> Shown:
    """The page: the list and names like the words; where nothing was found, the bills whose law, id or address they
    are; then, in the requests that are left, the search without filters.
    """
    query = bill_query(visit)
    asked = [api.get(_PATH, [*query.pairs, *_counted(query)])]
    if query.q and not query.values("cursor") and len(chosen_facets(query)) < 2:
        asked.append(if_there(api.get(f"{_PATH}/suggest", [("q", query.q[:100]), ("limit", "3")])))  # type: ignore[arg-type]
    listed, *suggested = await together(*asked)
    names = suggested[0] if suggested else None
    resolved = None if _count(listed) else await _resolved(query, api)
    left_out = to_leave_out(query, bool(_count(listed)), api.most - api.calls)
    others = await together(*(if_there(api.get(_PATH, without(query, one))) for one in left_out))
    view = results_view(visit, query, listed, names, dict(zip(left_out, others, strict=True)), resolved)
    t = visit.words.t
    title = t("results.title", n=view.count, q=query.q) if query.q else t("results.title_all", n=view.count)
    return Shown(
        "results.html",
        view,
        title,
        (listed, names, resolved, *others),
        t("results.description", n=view.count, q=query.q or t("results.everything")),
        alternates=(
            Alternate("application/json", view.json, "JSON"),
            Alternate("text/csv", view.csv, "CSV"),
            Alternate("application/atom+xml", view.follow.atom, "Atom"),
            Alternate("text/calendar", view.calendar, "iCal"),
        ),
    )


def results_view(
    visit: Visit,
    query: BillQuery,
    listed: ApiReply,
    names: ApiReply | None = None,
    wider: Wider | None = None,
    resolved: ApiReply | None = None,
) -> ResultsView:
    """The content of the results page. `listed` is the reply of `/bills` with facets and count; `names` that of
    `/suggest`; `wider` are replies to the same search without some of its filters; `resolved` that of `/resolve`.
    """
    words, meta = visit.words, listed.meta
    search = (*(("q", value) for value in query.values("q")), *query.filters)
    calendar = visit.full_api(f"{_PATH}/events.ics", search)
    found = tuple(Chip(text, _search(visit, query.replaced("q", text))) for text in meta.get("suggestions") or ())
    reading = meta.get("search") or {}
    plain = query.without("cursor")
    return ResultsView(
        query.q,
        _count(listed),
        tuple(bill_row(visit, one) for one in listed.data),
        found,
        tuple((one["from"], one["to"]) for one in reading.get("corrected") or ()),
        words.label("SearchReadingMatched", reading["matched"]).text if reading.get("matched") else None,
        _chips(visit, query, listed),
        () if _count(listed) else ways_out(visit, query, wider or {}),
        tuple(facet(visit, query, name, listed, wider or {}) for name in FACETS),
        tuple(pair for pair in query.pairs if pair[0] not in (*FACETS, *_IN_THE_FORM)),
        _sorts(visit, query),
        _named(visit, names),
        () if resolved is None else tuple(bill_row(visit, one) for one in resolved.data[:MOST_NAMED]),
        pager(visit, "/", query.pairs, listed),
        csv_address(visit, _PATH, tuple(pair for pair in plain if pair != ("sort", "relevance"))),
        visit.full_api(_PATH, plain),
        f"curl '{visit.full_api(_PATH, plain)}'",
        calendar,
        follow_search(visit, search, calendar),
    )


def _chips(visit: Visit, query: BillQuery, listed: ApiReply) -> tuple[Chip, ...]:
    """The filters that are on; a subject is said as the bills of the page have it."""
    subjects = [name for one in listed.data for name in one.get("subjects") or ()]
    return tuple(
        Chip(filter_text(visit.words, *pair, subjects), _search(visit, query.without_pair(pair)))
        for pair in query.filters
    )


async def _resolved(query: BillQuery, api: Api) -> ApiReply | None:
    """The bills that the words name; None where they cannot be a name. Every name has a digit."""
    name = query.q.strip()
    if len(name) > _LONGEST_NAME or not any(map(str.isdecimal, name)):
        return None
    return await if_there(api.get("/api/v1/resolve", [("q", name)]))


def _count(listed: ApiReply) -> int:
    """How many bills the whole search finds."""
    found: int = listed.page["count"]["value"]
    return found


def _counted(query: BillQuery) -> Pairs:
    marked: Pairs = (("highlight", "true"),) if query.q else ()
    return (*marked, ("count", "exact"), ("facets", ",".join(FACETS)))


def _search(visit: Visit, pairs: Sequence[tuple[str, str]]) -> str:
    return visit.url("/", pairs)


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
    label, side = visit.words.label, visit.formats.side
    people = tuple(
        NamedRecord(
            one["name"],
            side(one.get("party"), one.get("state")),
            visit.url(f"/legislators/{one['id']}"),
            "/legislators/{legislator_id}",
        )
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
