"""`/agenda/{id}`: one session or meeting with its whole agenda."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from api_gateway.site.api_client import Api, ApiReply
from api_gateway.site.formats import as_day
from api_gateway.site.page_routes import PageRoute
from api_gateway.site.records.meeting import Meeting, meeting
from api_gateway.site.rendering import Alternate, Shown
from api_gateway.site.visit import Visit, outside


@dataclass(frozen=True, slots=True)
class MeetingView:
    """The content of the meeting page."""

    meeting: Meeting
    kind_text: str | None
    description: str | None
    status_text: str | None
    moved_from: str | None
    media: tuple[tuple[str, str], ...]
    week: str | None
    flags: tuple[str, ...]
    json: str
    official: str | None
    removed: bool


async def show_meeting(visit: Visit, api: Api) -> Shown:
    """The page: one request."""
    return shown_meeting(visit, await api.get(f"/api/v1/events/{visit.params['event_id']}"))


def shown_meeting(visit: Visit, reply: ApiReply) -> Shown:
    """The page, from the reply that it is made of."""
    view = meeting_view(visit, reply.data)
    body, start = view.meeting.body, view.meeting.start
    title = f"{body}, {visit.formats.day(start)}" if start else body
    described = visit.words.t("agenda.meeting_description", title=title)
    alternates = (Alternate("application/json", view.json, "JSON"),)
    return Shown("meeting.html", view, title, (reply,), described, alternates=alternates)


def meeting_view(visit: Visit, event: Mapping[str, Any]) -> MeetingView:
    """The content of the meeting page, from the item of `/events/{id}`."""
    words, one = visit.words, meeting(visit, event)
    media = ((link.get("note") or words.t("agenda.recording"), link["url"]) for link in event["media"])
    return MeetingView(
        one,
        event.get("classification_text"),
        event.get("description"),
        event.get("status_text"),
        visit.url(f"/agenda/{event['moved_from']}") if event.get("moved_from") else None,
        tuple((title, url) for title, url in media if outside(url)),
        _week(visit, event),
        tuple(dict.fromkeys(words.label("QualityFlagCode", flag["code"]).text for flag in event["flags"])),
        visit.full_api(f"/api/v1/events/{event['id']}"),
        outside(event.get("url")),
        bool(event.get("removed_at")),
    )


def _week(visit: Visit, event: Mapping[str, Any]) -> str | None:
    if not event.get("start"):
        return None
    year, week, _ = as_day(event["start"]).isocalendar()
    return visit.url("/agenda", [("week", f"{year:04d}-W{week:02d}")])


ROUTES = (PageRoute("/agenda/{event_id}", show_meeting),)
