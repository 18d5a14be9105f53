"""A list of bills as an Atom feed (RFC 4287): one entry for each bill, made anew by each change that is asked for."""

from collections.abc import Sequence
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, SubElement, tostring

from api_gateway.documents.render import instant
from api_gateway.store.changes.legacy_entries import SHOWN_AS
from api_gateway.web.responses.feed_entries import FeedItem

ATOM = "http://www.w3.org/2005/Atom"
KIND_SCHEME = "urn:x-legis:change-kind"
_NOT_XML = {code: None for code in range(32) if code not in (9, 10, 13)} | {0xFFFE: None, 0xFFFF: None}


def atom_feed(items: Sequence[FeedItem], *, address: str, base: str, updated: datetime | None) -> bytes:
    """The feed as UTF-8 XML; `address` is the feed's own."""
    feed = Element("feed", {"xmlns": ATOM, "xml:lang": "pt-BR"})
    _text(feed, "id", f"{base}{address}" if base else f"urn:x-legis:feed:{address}")
    _text(feed, "title", "Legis: bills of the National Congress of Brazil")
    SubElement(feed, "link", {"rel": "self", "type": "application/atom+xml", "href": f"{base}{address}"})
    newest = max((item.changed_at for item in items), default=None)
    _text(feed, "updated", instant(newest) if newest else (updated or datetime(1970, 1, 1, tzinfo=UTC)).isoformat())
    _text(SubElement(feed, "author"), "name", "Legis")
    for item in items:
        _entry(feed, item, base)
    return bytes(tostring(feed, encoding="utf-8", xml_declaration=True))


def _entry(feed: Element, item: FeedItem, base: str) -> None:
    entry, bill = SubElement(feed, "entry"), item.bill
    _text(entry, "id", f"urn:x-legis:bill:{bill['id']}:{item.version}")
    _text(entry, "title", " – ".join(part for part in (bill["identifier"], bill["title"]) if part))
    _text(entry, "updated", instant(item.changed_at))
    SubElement(entry, "link", {"rel": "self", "href": f"{base}/api/v1/bills/{bill['id']}"})
    if bill["url"]:
        SubElement(entry, "link", {"rel": "alternate", "href": _clean(bill["url"])})
    for name in bill["authors"] or ["–"]:
        _text(SubElement(entry, "author"), "name", name)
    SubElement(entry, "category", {"term": bill["status"], "label": _clean(bill["status_text"] or bill["status"])})
    SubElement(entry, "category", {"term": SHOWN_AS.get(item.kind, item.kind), "scheme": KIND_SCHEME})
    action = bill["latest_action"] or {}
    _text(entry, "summary", " – ".join(p for p in (bill["status_text"], action.get("description")) if p))


def _text(parent: Element, name: str, value: str) -> None:
    SubElement(parent, name).text = _clean(value)


def _clean(value: str) -> str:
    """The text without the characters that XML 1.0 cannot hold."""
    return value.translate(_NOT_XML)
