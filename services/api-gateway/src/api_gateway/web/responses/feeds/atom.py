"""A list of bills as an Atom feed (RFC 4287, paged by RFC 5005): one entry for each bill, with a new id after each
change.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, SubElement, tostring

from api_gateway.documents.render import instant
from api_gateway.store.changes.legacy_entries import SHOWN_AS
from api_gateway.web.responses.feeds.feed_entries import FeedItem
from api_gateway.web.responses.feeds.feed_words import entry_summary

ATOM = "http://www.w3.org/2005/Atom"
KIND_SCHEME = "urn:x-legis:change-kind"
MEDIA_TYPE = "application/atom+xml"
_NOT_XML = {code: None for code in range(32) if code not in (9, 10, 13)} | {0xFFFE: None, 0xFFFF: None}


@dataclass(frozen=True, slots=True)
class FeedHead:
    """The feed's own elements. `address` is the path and query of the feed without paging, `base` the scheme and host
    of all links; `links` are further addresses by relation, such as `self`, `first` and `next`. `updated` is used if
    the feed has no entries.
    """

    address: str
    base: str
    title: str
    subtitle: str
    links: Mapping[str, str]
    named_by_base: bool = True
    """Whether the feed's id is its address. Otherwise the id is a URN, since the host is only the one in the client's
    request.
    """

    @property
    def id(self) -> str:
        """The feed's id: the same for all its pages, and permanent."""
        if self.named_by_base:
            return f"{self.base}{self.address}"
        return f"urn:x-legis:feed:{hashlib.sha256(self.address.encode()).hexdigest()[:24]}"


_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""`updated` of a feed without entries: the same whatever changes elsewhere, and earlier than any entry to come."""


def atom_feed(items: Sequence[FeedItem], head: FeedHead) -> bytes:
    """The feed as UTF-8 XML."""
    feed = Element("feed", {"xmlns": ATOM, "xml:lang": "pt-BR"})
    _text(feed, "id", head.id)
    _text(feed, "title", head.title)
    _text(feed, "subtitle", head.subtitle)
    for relation, address in head.links.items():
        SubElement(feed, "link", {"rel": relation, "type": MEDIA_TYPE, "href": f"{head.base}{address}"})
    newest = max((item.changed_at for item in items), default=None)
    _text(feed, "updated", instant(newest or _NEVER))
    _text(SubElement(feed, "author"), "name", "Legis")
    for item in items:
        _entry(feed, item, head.base)
    return bytes(tostring(feed, encoding="utf-8", xml_declaration=True))


def _entry(feed: Element, item: FeedItem, base: str) -> None:
    entry, bill = SubElement(feed, "entry"), item.bill
    kind = SHOWN_AS.get(item.kind, item.kind)
    record = f"{base}/api/v1/bills/{bill['id']}"
    _text(entry, "id", f"urn:x-legis:bill:{bill['id']}:{item.version}")
    _text(entry, "title", " – ".join(part for part in (bill["identifier"], bill["title"]) if part) or bill["id"])
    _text(entry, "updated", instant(item.changed_at))
    SubElement(entry, "link", {"rel": "alternate", "href": _clean(bill["url"] or record)})
    SubElement(entry, "link", {"rel": "related", "type": "application/json", "href": record})
    for name in [name for name in bill["authors"] if name.strip()] or ["–"]:
        _text(SubElement(entry, "author"), "name", name)
    SubElement(entry, "category", {"term": bill["status"], "label": _clean(bill["status_text"] or bill["status"])})
    SubElement(entry, "category", {"term": kind, "scheme": KIND_SCHEME})
    _text(entry, "summary", entry_summary(bill, kind, item.fields))


def _text(parent: Element, name: str, value: str) -> None:
    SubElement(parent, name).text = _clean(value)


def _clean(value: str) -> str:
    """The text without characters that XML 1.0 does not allow."""
    return value.translate(_NOT_XML)
