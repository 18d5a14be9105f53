"""`/changes`: what changed last, newest first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from legis.domain.brasilia_time import local_day
from legis.domain.change_kind import ChangeKind

from api_gateway.site.api_client import Api, ApiReply, Problem, Refused, if_there
from api_gateway.site.formats import as_day
from api_gateway.site.page_routes import PageRoute
from api_gateway.site.records.change import ChangeEntry, change_entry
from api_gateway.site.records.list_query import Choice, PagerView
from api_gateway.site.rendering import Alternate, Shown
from api_gateway.site.visit import Pairs, Visit

SHOWN = 30
"""Entries on a page."""

STRETCH = 3000
"""Entries of the log that are looked through for a page; fewer where more of them match than one reply holds."""

_PATH, _LIMIT = "/api/v1/changes", 100
_BILL_FIELDS = ("fields", "id,nickname,title,change_seq")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of the log, whole: its matching entries, oldest first, the `seq` before it, and its replies."""

    entries: tuple[Mapping[str, Any], ...]
    start: int
    titles: Mapping[str, str]
    replies: tuple[ApiReply | None, ...]


@dataclass(frozen=True, slots=True)
class ChangesView:
    """The content of the changes page: entries by day, newest first. `stream` is empty on older pages, to which
    nothing is added.
    """

    days: tuple[tuple[str, bool, tuple[ChangeEntry, ...]], ...]
    kinds: tuple[Choice, ...]
    searched: int
    pager: PagerView
    stream: str
    atom: str
    json: str
    today_empty: bool


async def show_changes(visit: Visit, api: Api) -> Shown:
    """The page: a stretch of the log, and the titles of its bills."""
    stretch = await read_stretch(visit, api)
    view = changes_view(visit, stretch)
    t = visit.words.t
    return Shown(
        "changes.html",
        view,
        t("changes.title"),
        stretch.replies,
        t("changes.description"),
        alternates=(
            Alternate("application/json", view.json, "JSON"),
            Alternate("application/atom+xml", visit.full_api("/api/v1/feeds/bills.atom", _kinds(visit)), "Atom"),
        ),
    )


async def read_stretch(visit: Visit, api: Api) -> Stretch:
    """The newest stretch, or that before the `seq` in the address. The log is read forwards, so where the stretch has
    more matching entries than one reply holds, a shorter one is read, which one reply holds for certain.
    """
    before = _before(visit)
    newest = None if before else await _newest_bills(api)
    top = before - 1 if before else max((one["change_seq"] for one in newest.data), default=0) if newest else 0
    found, start = await _read(visit, api, max(0, top - STRETCH)), max(0, top - STRETCH)
    end = top if before else found.page["head"]
    replies = [newest, found]
    if found.page["has_more"] and found.page["next_after"] < end:
        start = max(0, end - _LIMIT)
        found = await _read(visit, api, start)
        replies[1] = found
    entries = tuple(one for one in found.data if one["seq"] <= end or not before)
    titles = _titles(newest)
    missing = [one["bill_id"] for one in entries[-SHOWN:] if one.get("bill_id") and one["bill_id"] not in titles]
    if missing and api.calls < api.most:
        bills = await if_there(api.get("/api/v1/bills", _named(missing)))
        titles |= _titles(bills)
        replies.append(bills)
    return Stretch(entries, start, titles, tuple(replies))


def changes_view(visit: Visit, stretch: Stretch) -> ChangesView:
    """The content of the changes page, from a stretch of the log."""
    shown = stretch.entries[-SHOWN:][::-1]
    entries = [change_entry(visit, one, stretch.titles) for one in shown]
    today = local_day(visit.now)
    days = tuple(
        (day.isoformat(), day == today, tuple(group)) for day, group in groupby(entries, lambda one: as_day(one.at))
    )
    left = len(stretch.entries) > SHOWN or stretch.start > 0
    oldest = shown[-1]["seq"] if len(stretch.entries) > SHOWN else stretch.start + 1
    kinds, asked = _chosen(visit), _kinds(visit)
    query = tuple(("kind", kind) for kind in visit.all("kind"))
    return ChangesView(
        days,
        tuple(Choice(kind, visit.words.label("ChangeKind", kind).text, kind in kinds) for kind in ChangeKind),
        STRETCH,
        PagerView(
            len(entries),
            visit.url("/changes", (*query, ("before", str(oldest)))) if left else None,
            visit.url("/changes", query) if visit.one("before") else None,
        ),
        "" if visit.one("before") else visit.api(f"{_PATH}/stream", asked),
        visit.api("/api/v1/feeds/bills.atom", asked),
        visit.full_api(_PATH, (("after", str(stretch.start)), *asked)),
        not visit.one("before") and not any(is_today for _, is_today, _ in days),
    )


def _chosen(visit: Visit) -> tuple[str, ...]:
    """The kinds of the address; movement without one."""
    given = [part for value in visit.all("kind") for part in value.split(",")]
    return tuple(given) or (ChangeKind.MOVED.value,)


def _kinds(visit: Visit) -> Pairs:
    return tuple(("kind", kind) for kind in _chosen(visit))


def _before(visit: Visit) -> int | None:
    given = visit.one("before")
    if not given:
        return None
    if not given.isascii() or not given.isdecimal() or len(given) > 15 or int(given) < 1:
        raise Refused(Problem(errors=(("before", visit.words.t("changes.no_before")),)))
    return int(given)


async def _newest_bills(api: Api) -> ApiReply | None:
    """The bills that changed last: their titles, and about where the log ends."""
    return await if_there(api.get("/api/v1/bills", [("sort", "-changed_at"), _BILL_FIELDS, ("limit", str(_LIMIT))]))


async def _read(visit: Visit, api: Api, after: int) -> ApiReply:
    return await api.get(_PATH, [("after", str(after)), *_kinds(visit), ("limit", str(_LIMIT))])


def _named(ids: Iterable[str]) -> Pairs:
    return (*(("ids", one) for one in dict.fromkeys(ids)), _BILL_FIELDS, ("limit", str(_LIMIT)))


def _titles(bills: ApiReply | None) -> dict[str, str]:
    found = bills.data if bills else ()
    return {one["id"]: one.get("nickname") or one["title"] for one in found if one.get("nickname") or one.get("title")}


ROUTES = (PageRoute("/changes", show_changes),)
