"""`/status.atom`: incidents, and the changes of the sources' states, as one Atom feed (RFC 4287)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from api_gateway.site.formats import as_instant
from api_gateway.site.texts.incidents import Incident
from api_gateway.site.visit import Visit

_ATOM = "http://www.w3.org/2005/Atom"
register_namespace("", _ATOM)


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the feed. `key` is its own for ever."""

    key: str
    at: datetime
    title: str
    html: str


def status_feed(
    visit: Visit, incidents: Sequence[Incident], histories: Mapping[str, Sequence[Mapping[str, Any]]]
) -> bytes:
    """The feed, newest first; `histories` are those of `/api/v1/sources/{id}/history`, by source."""
    entries = [_incident(visit, one) for one in incidents]
    entries += [_change(visit, source, one) for source, history in histories.items() for one in history]
    entries.sort(key=lambda one: one.at, reverse=True)
    feed = Element(f"{{{_ATOM}}}feed", {"xml:lang": visit.language.value})
    _text(feed, "id", visit.full("/status.atom"))
    _text(feed, "title", visit.words.t("status.feed_title"))
    _text(feed, "updated", _instant(entries[0].at if entries else datetime(2026, 1, 1, tzinfo=UTC)))
    SubElement(feed, f"{{{_ATOM}}}link", {"rel": "self", "href": visit.full("/status.atom")})
    SubElement(feed, f"{{{_ATOM}}}link", {"rel": "alternate", "type": "text/html", "href": visit.full("/status")})
    _text(SubElement(feed, f"{{{_ATOM}}}author"), "name", "Legis")
    for entry in entries:
        _add(feed, visit, entry)
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + tostring(feed)


def _add(feed: Element, visit: Visit, entry: Entry) -> None:
    made = SubElement(feed, f"{{{_ATOM}}}entry")
    host = urlsplit(visit.origins.site).hostname or "localhost"
    _text(made, "id", f"tag:{host},2026:status/{entry.key}")
    _text(made, "title", entry.title)
    _text(made, "updated", _instant(entry.at))
    SubElement(made, f"{{{_ATOM}}}link", {"rel": "alternate", "type": "text/html", "href": visit.full("/status")})
    content = SubElement(made, f"{{{_ATOM}}}content", {"type": "html"})
    content.text = entry.html


def _incident(visit: Visit, one: Incident) -> Entry:
    return Entry(
        f"incident/{one.name}",
        one.ended_at or one.started_at,
        one.titles[visit.language],
        str(one.texts[visit.language].html),
    )


def _change(visit: Visit, source: str, one: Mapping[str, Any]) -> Entry:
    words = visit.words
    state = words.label("SourceState", one["to"])
    return Entry(
        f"{source}/{one['at']}",
        as_instant(one["at"]),
        f"{words.label('Source', source).text}: {state.text}",
        state.note or state.text,
    )


def _text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, f"{{{_ATOM}}}{name}").text = text


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
