"""A reader of the Atom feed: it walks from the newest page along `next` until it meets what it knows."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, fromstring

_ATOM = "{http://www.w3.org/2005/Atom}"
_KIND = "urn:x-legis:change-kind"
REMOVED = "REMOVED"


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One entry: the version of a bill that a change made."""

    bill: str
    version: int
    removed: bool


@dataclass(frozen=True, slots=True)
class FeedPage:
    """One page, newest entry first; `next` is the address of older ones."""

    entries: Sequence[FeedEntry]
    next: str | None


def feed_page(document: bytes) -> FeedPage:
    """Reads one page."""
    feed = fromstring(document)
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{_ATOM}link")}
    return FeedPage([_entry(entry) for entry in feed.findall(f"{_ATOM}entry")], links.get("next"))


def _entry(entry: Element) -> FeedEntry:
    *_, bill, version = str(entry.findtext(f"{_ATOM}id")).split(":")
    kinds = [c.get("term") for c in entry.findall(f"{_ATOM}category") if c.get("scheme") == _KIND]
    return FeedEntry(bill, int(version), REMOVED in kinds)


@dataclass(slots=True)
class AtomCopy:
    """What a reader has of the bills. It outlives the reader.

    The feed has each bill once, with its newest change, newest first. So an entry that a whole walk told says that
    everything behind it was told by that walk too. A walk that was broken off says nothing of the kind.
    """

    bills: dict[str, FeedEntry] = field(default_factory=dict)
    whole: set[FeedEntry] = field(default_factory=set)
    walks: int = 0

    def forget(self) -> None:
        """The log was begun again: versions mean other changes."""
        self.bills, self.whole = {}, set()


class AtomWalk:
    """One walk over the pages of the feed into a copy."""

    def __init__(self, copy: AtomCopy) -> None:
        self._copy = copy
        self._met: set[FeedEntry] = set()

    def take(self, page: FeedPage) -> bool:
        """Takes a page. Returns whether the walk has to go on with its `next`."""
        for entry in page.entries:
            if entry in self._copy.whole:
                return self._end()
            self._met.add(entry)
            known = self._copy.bills.get(entry.bill)
            if known is None or known.version < entry.version:
                self._copy.bills[entry.bill] = entry
        return True if page.next is not None else self._end()

    def _end(self) -> bool:
        self._copy.whole |= self._met
        self._copy.walks += 1
        return False
