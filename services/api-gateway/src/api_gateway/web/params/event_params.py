"""Query parameters of events, calendars and journeys, and the filters they describe."""

from datetime import UTC, date, datetime, timedelta
from typing import Literal

from legis.domain.brasilia_time import day_start, local_day
from legis.domain.records.event_record import EventClassification, EventStatus
from legis.domain.vocabulary import Chamber
from pydantic import Field

from api_gateway.search.filtering.values import clean, one_of, values
from api_gateway.store.records.reading.calendar_reader import CalendarFilter
from api_gateway.store.records.reading.event_reader import EventFilter
from api_gateway.web.params.parameters import (
    Cursor,
    FileParameters,
    FilterParameters,
    Limit,
    PageParameters,
    Parameters,
    Values,
)
from api_gateway.web.params.record_filters import period
from api_gateway.web.params.record_ids import bill_ids, organization_of
from api_gateway.web.params.record_parameters import FromDay, House, OrganizationRef, ToDay

CALENDAR_BEFORE, CALENDAR_AFTER = timedelta(days=30), timedelta(days=180)
"""Days of a calendar, before today and after it, unless others are asked for."""

_SEVERAL = "Repeated or comma-separated values are OR. "
_house = one_of(Chamber)
_classification = one_of(EventClassification)
_status = one_of(EventStatus)


class BillCalendarParameters(Parameters):
    """A calendar of one bill. Without days: from 30 days ago to 180 days ahead."""

    from_day: FromDay = None
    to_day: ToDay = None


class SearchCalendarParameters(FilterParameters, BillCalendarParameters):
    """A calendar of a search: the filters of `/bills`. Without days: from 30 days ago to 180 days ahead."""


class CalendarParameters(BillCalendarParameters):
    """Which events a calendar has. Without days: from 30 days ago to 180 days ahead."""

    house: House = None
    organization: OrganizationRef = None
    bill: Values = Field(
        (),
        description=f"{_SEVERAL}Id of a bill on the agenda; the same bill has one in each house",
        examples=[["camara-2256735"]],
        max_length=100,
    )


class EventParameters(CalendarParameters, FileParameters):
    """Events, soonest first. Without days they begin with today."""

    classification: Values = Field(
        (),
        description=f"{_SEVERAL}Kind of event: {', '.join(EventClassification)}; open list",
        examples=[["SESSION"]],
        max_length=100,
    )
    status: Values = Field(
        (),
        description=f"{_SEVERAL}State of the event: {', '.join(EventStatus)}; open list",
        examples=[["CONFIRMED"]],
        max_length=100,
    )
    agenda: bool = Field(False, description="With the items of each agenda; a file has none", examples=[True])
    sort: Literal["start", "-start"] = Field("start", description="Soonest first, or with `-` latest first")
    limit: Limit = 20
    cursor: Cursor = None


class JourneyParameters(PageParameters):
    """A bill's way."""

    sort: Literal["date", "-date"] = Field(
        "date", description="Oldest first, or with `-` newest first", examples=["-date"]
    )


class BillEventParameters(FileParameters):
    """Events of one bill."""

    sort: Literal["start", "-start"] = Field("-start", description="Latest first, or without `-` soonest first")
    limit: Limit = 20
    cursor: Cursor = None


def event_filter(asked: EventParameters, now: datetime) -> EventFilter:
    """The filter that the parameters describe. Raises InvalidParameter."""
    since, until = period(asked.from_day, asked.to_day)
    if since is None and until is None and asked.sort == "start":
        since = local_day(now)
    return EventFilter(
        house=_word("house", asked.house, _house),
        organization_id=organization_of("organization", asked.organization),
        bill_ids=bill_ids(asked.bill),
        classifications=_words("classification", asked.classification, _classification),
        statuses=_words("status", asked.status, _status),
        since=None if since is None else day_start(since),
        until=None if until is None else _end_of(until),
    )


def calendar_filter(asked: BillCalendarParameters, now: datetime, bill_id: str | None = None) -> CalendarFilter:
    """The filter of a calendar; `bill_id` is that of the path. Raises InvalidParameter."""
    since, until = period(asked.from_day, asked.to_day)
    found = CalendarFilter(
        since=day_start(since or local_day(now - CALENDAR_BEFORE)),
        until=_end_of(until) if until else day_start(local_day(now + CALENDAR_AFTER)),
        bill_ids=() if bill_id is None else (bill_id,),
    )
    if not isinstance(asked, CalendarParameters):
        return found
    return CalendarFilter(
        found.since,
        found.until,
        house=_word("house", asked.house, _house),
        organization_id=organization_of("organization", asked.organization),
        bill_ids=bill_ids(asked.bill),
    )


def _end_of(day: date) -> datetime:
    """The first moment after a day; of the last day that there is, which stands for "no limit", its last moment."""
    return datetime.max.replace(tzinfo=UTC) if day == date.max else day_start(day + timedelta(days=1))


def _words(name: str, given: tuple[str, ...], read: object) -> tuple[str, ...]:
    return tuple(dict.fromkeys(read(name, value) for value in values(name, given)))  # type: ignore[operator]


def _word(name: str, value: str | None, read: object) -> str | None:
    return None if value is None else read(name, clean(name, value, 40))  # type: ignore[operator]
