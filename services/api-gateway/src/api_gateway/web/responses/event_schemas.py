"""Replies with events, for the OpenAPI description."""

from api_gateway.documents.records.event_shapes import EventDetail, EventSummary
from api_gateway.web.responses.envelopes import Many, One


class EventList(Many[EventSummary]):
    """Sessions and meetings by their start."""


class EventReply(One[EventDetail]):
    """One session or meeting, with its agenda."""
