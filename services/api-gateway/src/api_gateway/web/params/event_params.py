"""Query parameters of events and calendars, and the filters they describe."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from legis.domain.brasilia_time import day_start, local_day
from legis.domain.records.event_record import EventClassification, EventStatus
from legis.domain.vocabulary import Chamber
from legis.languages import Text
from pydantic import Field

from api_gateway.search.filtering.values import InvalidParameter, instant, one_of, values
from api_gateway.store.records.calendar_reader import CalendarFilter
from api_gateway.store.records.event_reader import EventFilter
from api_gateway.web.params.parameters import Cursor, Limit, Parameters, Values

CALENDAR_BEFORE, CALENDAR_AFTER = timedelta(days=30), timedelta(days=180)
"""Days of a calendar, before today and after it, unless others are asked for."""

_house = one_of(Chamber)
_classification = one_of(EventClassification)
_status = one_of(EventStatus)
_REVERSED = Text("is before the beginning", "é anterior ao início")
_SEVERAL = "Repeated or comma-separated values are OR"


class _Span(Parameters):
    """From when to when events start."""

    start_from: str | None = Field(
        None,
        description="Only events that start at this instant (RFC 3339) or day or later",
        examples=["2026-03-01"],
        json_schema_extra={"maxLength": 40},
    )
    start_to: str | None = Field(
        None,
        description="Only events that start at this instant or before, or on this day or before",
        examples=["2026-03-31"],
        json_schema_extra={"maxLength": 40},
    )


class CalendarParameters(_Span):
    """Which events a calendar has. Without days: from 30 days ago to 180 days ahead."""

    house: Values = Field((), description=f"House: CAMARA, SENADO, CONGRESSO. {_SEVERAL}", max_length=100)
    organization: Values = Field(
        (), description=f"Id of a body that meets. {_SEVERAL}", examples=[["camara-org-180"]], max_length=100
    )


class EventCalendarParameters(CalendarParameters):
    """A calendar of any bills."""

    bill: Values = Field((), description=f"Id of a bill on the agenda. {_SEVERAL}", max_length=100)


class EventParameters(EventCalendarParameters):
    """Events, soonest first. Without days they begin with today."""

    classification: Values = Field(
        (), description=f"Kind of event; open list. {_SEVERAL}", examples=[["SESSION"]], max_length=100
    )
    status: Values = Field(
        (), description=f"State of the event; open list. {_SEVERAL}", examples=[["CONFIRMED"]], max_length=100
    )
    sort: Literal["start", "-start"] = Field("start", description="Soonest first, or with `-` latest first")
    limit: Limit = 20
    cursor: Cursor = None


class BillEventParameters(Parameters):
    """Events of one bill."""

    sort: Literal["start", "-start"] = Field("-start", description="Latest first, or without `-` soonest first")
    limit: Limit = 20
    cursor: Cursor = None


@dataclass(frozen=True, slots=True)
class Span:
    """From `since` up to and without `until`; None: no bound."""

    since: datetime | None
    until: datetime | None


def span_of(asked: _Span) -> Span:
    """The span. Raises InvalidParameter for one that ends before it begins."""
    since = None if asked.start_from is None else instant("start_from", asked.start_from)
    until = None if asked.start_to is None else instant("start_to", asked.start_to, day_end=True)
    if until is not None and "T" in (asked.start_to or "").upper():
        until += timedelta(microseconds=1)
    if since is not None and until is not None and until <= since:
        raise InvalidParameter("start_to", _REVERSED)
    return Span(since, until)


def event_filter(asked: EventParameters, now: datetime) -> EventFilter:
    """The filter that the parameters describe. Raises InvalidParameter."""
    span = span_of(asked)
    since = span.since
    if since is None and span.until is None and asked.sort == "start":
        since = day_start(local_day(now))
    return EventFilter(
        houses=_words("house", asked.house, _house),
        organization_ids=_ids("organization", asked.organization),
        bill_ids=_ids("bill", asked.bill),
        classifications=_words("classification", asked.classification, _classification),
        statuses=_words("status", asked.status, _status),
        since=since,
        until=span.until,
    )


def calendar_filter(asked: CalendarParameters, bills: Sequence[str], now: datetime) -> CalendarFilter:
    """The filter of a calendar. Raises InvalidParameter."""
    span = span_of(asked)
    return CalendarFilter(
        since=span.since or day_start(local_day(now - CALENDAR_BEFORE)),
        until=span.until or day_start(local_day(now + CALENDAR_AFTER)),
        houses=_words("house", asked.house, _house),
        organizations=_ids("organization", asked.organization),
        bills=_ids("bill", bills),
    )


def _words(name: str, given: Sequence[str], read: object) -> tuple[str, ...]:
    return tuple(dict.fromkeys(read(name, value) for value in values(name, given)))  # type: ignore[operator]


def _ids(name: str, given: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values(name, given)))
