"""`/agenda`: one week of sessions and meetings, day by day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from legis.domain.brasilia_time import local_day

from api_gateway.site.api_client import Api, ApiReply, Problem, Refused
from api_gateway.site.formats import as_day
from api_gateway.site.page_routes import PageRoute
from api_gateway.site.records.list_query import Choice, choices
from api_gateway.site.records.meeting import SHOWN_ITEMS, Meeting, meeting, shortened
from api_gateway.site.rendering import Alternate, Shown
from api_gateway.site.visit import Pairs, Visit
from api_gateway.site.wording import Label

HOUSES = ("CAMARA", "SENADO", "CONGRESSO")
MOST_OF_A_WEEK = 60
"""Meetings of a week that are shown at once; of a fuller one a day at a time, so that the page stays light."""

MOST_ITEMS = 100
"""Items of agendas on a page; with more, each meeting shows fewer of them. Its own page has all."""

FIRST_YEAR, LAST_YEAR = 1900, 2200
"""Years of a week: all that have meetings, and far from where the calendar ends."""

_PATH, _PAGE = "/api/v1/events", 100


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the strip: its meetings by house, and the address that shows them."""

    day: date
    address: str
    counts: tuple[tuple[Label, int], ...]
    today: bool


@dataclass(frozen=True, slots=True)
class DayPart:
    """A day with its meetings, by start."""

    day: date
    today: bool
    past: bool
    count: int
    meetings: tuple[Meeting, ...]


@dataclass(frozen=True, slots=True)
class AgendaView:
    """The content of the agenda page. `complete` is False where the week has more meetings than were asked for."""

    monday: date
    last: date
    span: str
    count: int
    bills: int
    strip: tuple[Day, ...]
    days: tuple[DayPart, ...]
    one_day: bool
    before: str
    after: str
    today: str | None
    houses: tuple[Choice, ...]
    week: str
    calendars: tuple[tuple[str, str], ...]
    csv: str
    json: str
    complete: bool


async def show_agenda(visit: Visit, api: Api) -> Shown:
    """The page: the meetings of the week, in at most three pages of the API."""
    monday = week_of(visit)
    query = api_query(visit, monday)
    replies = [await api.get(_PATH, query)]
    while (cursor := replies[-1].page.get("next_cursor")) and api.calls < api.most:
        replies.append(await api.get(_PATH, (*query, ("cursor", cursor))))
    view = agenda_view(visit, monday, replies)
    t = visit.words.t
    span = view.span
    return Shown(
        "agenda.html",
        view,
        t("agenda.page_title", span=span, year=view.last.year),
        tuple(replies),
        t("agenda.description", span=span),
        alternates=(
            Alternate("application/json", view.json, "JSON"),
            Alternate("text/calendar", visit.full_api("/api/v1/events.ics"), "iCal"),
        ),
    )


def week_of(visit: Visit) -> date:
    """The Monday of the week in the address, `2026-W49`, or of today's. Raises Refused."""
    given = visit.one("week")
    if not given:
        today = local_day(visit.now)
        return today - timedelta(days=today.weekday())
    try:
        if len(given) != 8 or given[4:6].upper() != "-W" or not FIRST_YEAR <= int(given[:4]) <= LAST_YEAR:
            raise ValueError(given)
        return date.fromisocalendar(int(given[:4]), int(given[6:]), 1)
    except ValueError:
        text = visit.words.t("agenda.no_week", given=given, first=FIRST_YEAR, last=LAST_YEAR)
        raise Refused(Problem(errors=(("week", text),))) from None


def api_query(visit: Visit, monday: date) -> Pairs:
    """The query of `/events` for the week."""
    days = (("from", monday.isoformat()), ("to", (monday + timedelta(days=6)).isoformat()))
    kept = tuple((name, visit.one(name)) for name in ("house", "organization") if visit.one(name))
    return (*days, *kept, ("agenda", "true"), ("limit", str(_PAGE)))


def agenda_view(visit: Visit, monday: date, replies: Sequence[ApiReply]) -> AgendaView:
    """The content of the agenda page, from replies of `/events` with agendas."""
    events = [one for reply in replies for one in reply.data]
    by_day: dict[date, list[Mapping[str, Any]]] = {}
    for one in events:
        by_day.setdefault(as_day(one["start"]), []).append(one)
    days = [monday + timedelta(days=number) for number in range(7)]
    days = [day for day in days if day.weekday() < 5 or day in by_day]
    one_day = len(events) > MOST_OF_A_WEEK
    shown = [_chosen(visit, days, by_day)] if one_day else days
    today, query = local_day(visit.now), api_query(visit, monday)
    plain = tuple(pair for pair in query if pair[0] not in ("agenda", "limit"))
    this_week = today - timedelta(days=today.weekday())
    return AgendaView(
        monday,
        days[-1],
        _span(visit, monday, days[-1]),
        len(events),
        len({bill for one in events for item in one["agenda"] for bill in item["bill_ids"]}),
        tuple(_strip(visit, day, by_day.get(day, ()), monday, one_day=one_day) for day in days),
        _parts(visit, shown, by_day),
        one_day,
        _week(visit, monday - timedelta(days=7)),
        _week(visit, monday + timedelta(days=7)),
        None if monday == this_week else _week(visit, this_week),
        choices(visit.words, "Chamber", HOUSES, visit.one("house")),
        _name(monday),
        _calendars(visit),
        visit.api(_PATH, (*plain, ("format", "csv"))),
        visit.full_api(_PATH, (*plain, ("agenda", "true"))),
        not replies[-1].page.get("next_cursor"),
    )


def _chosen(visit: Visit, days: Sequence[date], by_day: Mapping[date, Any]) -> date:
    """The day that a full week shows: that of the address, today, or the first one with meetings."""
    today = local_day(visit.now)
    asked = [day for day in days if day.isoformat() == visit.one("day")]
    return (asked or [day for day in days if day == today and day in by_day] or sorted(by_day))[0]


def _strip(visit: Visit, day: date, events: Sequence[Mapping[str, Any]], monday: date, *, one_day: bool) -> Day:
    counts = {house: sum(one["house"] == house for one in events) for house in HOUSES}
    labels = tuple((visit.words.label("Chamber", house), count) for house, count in counts.items() if count)
    pairs = (*_kept(visit, monday), ("day", day.isoformat()))
    address = visit.url("/agenda", pairs) if one_day else f"#d{day.day}"
    return Day(day, address, labels, day == local_day(visit.now))


def _parts(
    visit: Visit, days: Sequence[date], by_day: Mapping[date, Sequence[Mapping[str, Any]]]
) -> tuple[DayPart, ...]:
    shown = [[meeting(visit, one) for one in by_day.get(day, ())] for day in days]
    items = _items([one for meetings in shown for one in meetings])
    today = local_day(visit.now)
    return tuple(
        DayPart(day, day == today, day < today, len(meetings), tuple(shortened(one, items) for one in meetings))
        for day, meetings in zip(days, shown, strict=True)
    )


def _items(meetings: Sequence[Meeting]) -> int:
    """How many items each meeting shows, so that together they are not too many."""
    for items in range(SHOWN_ITEMS, 0, -1):
        if sum(min(len(one.items or ()), items + 1) for one in meetings) <= MOST_ITEMS:
            return items
    return 0


def _span(visit: Visit, first: date, last: date) -> str:
    """`23 a 27 nov`, `30 nov a 4 dez`."""
    day = visit.formats.short_day
    begin = day(first).partition(" ")[0] if first.month == last.month else day(first)
    return visit.words.t("agenda.span", first=begin, last=day(last))


def _week(visit: Visit, monday: date) -> str:
    return visit.url("/agenda", _kept(visit, monday))


def _kept(visit: Visit, monday: date) -> Pairs:
    kept = tuple((name, visit.one(name)) for name in ("house", "organization") if visit.one(name))
    return (("week", _name(monday)), *kept)


def _name(monday: date) -> str:
    year, week, _ = monday.isocalendar()
    return f"{year:04d}-W{week:02d}"


def _calendars(visit: Visit) -> tuple[tuple[str, str], ...]:
    """Calendars to subscribe to: of everything, and of each house."""
    path, t = "/api/v1/events.ics", visit.words.t
    houses = ((visit.words.label("Chamber", house).text, visit.api(path, [("house", house)])) for house in HOUSES)
    return ((t("agenda.calendar_all"), visit.api(path)), *houses)


ROUTES = (PageRoute("/agenda", show_agenda),)
