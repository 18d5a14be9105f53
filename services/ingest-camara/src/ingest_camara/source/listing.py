"""Reads the list of bills that moved between two days, and reads it again when it changed meanwhile."""

import json
from dataclasses import dataclass, field
from datetime import date, timedelta

from legis.errors import (
    LegisError,
    RecordGone,
    RecordRejected,
    RecordSetAside,
    UpstreamRequestRefused,
    UpstreamUnavailable,
)

from ingest_camara.client.api import CamaraApi, ListPage
from ingest_camara.wire.bill_records import ListItem

TRIES = 5
_MOST_PAGES = 1000
_NARROWER = 10
"""A page that is not available is requested again in this many parts, down to single rows: one row may be the cause."""

_MOST_FAILURES = 12
"""Failed requests after which the walk ends: twelve are four single rows, and more are not the fault of a row."""

_FAILURES_BEFORE_ANY_ROW = 4
_OWN = (UpstreamUnavailable, UpstreamRequestRefused, RecordGone)
"""Errors that may belong to a page or a row; all other errors belong to the source and end the walk."""


@dataclass(slots=True)
class Listing:
    """The bills that one walk of the list met, each once, by id; and rows that were unreadable or not available."""

    items: dict[str, ListItem] = field(default_factory=dict)
    broken: list[RecordRejected] = field(default_factory=list)
    received: int = 0
    totals: set[int] = field(default_factory=set)
    failures: int = 0

    @property
    def whole(self) -> bool:
        """Whether upstream's total is the number of rows received on every page that gives one; True without any."""
        return not self.totals or self.totals == {self.received}

    def same_as(self, other: "Listing | None") -> bool:
        """Whether another walk met the same bills, and upstream's total, though wrong, did not change."""
        if other is None or len(self.totals) != 1:
            return False
        return (self.totals, self.items.keys()) == (other.totals, other.items.keys())

    def take(self, page: ListPage) -> None:
        """Adds the rows of a page."""
        self.received += page.received
        self.broken.extend(page.broken)
        if page.total is not None:
            self.totals.add(page.total)
        for item in page.items:
            self.items.setdefault(item.id, item)

    def failed(self, error: LegisError) -> None:
        """Counts a page that was not available. Raises the error when that happens too often."""
        self.failures += 1
        if self.failures >= (_MOST_FAILURES if self.received else _FAILURES_BEFORE_ANY_ROW):
            raise error


async def walk_list(api: CamaraApi, days: tuple[date, date], *, page_size: int, types: frozenset[str]) -> Listing:
    """The bills that moved from the first to the last day, both included.

    Pages shift during a walk when a bill enters the list before the page being read. So a walk counts only if it met as
    many rows as upstream's total on all pages, or if the next walk meets the same bills. Raises UpstreamUnavailable
    after five walks without either. A row that is not available, in a page of any size, is reported as set aside.
    """
    before: Listing | None = None
    for _ in range(TRIES):
        listing = await _walk_once(api, _params(days, types), page_size)
        if listing.whole or listing.same_as(before):
            return listing
        before = listing
    raise UpstreamUnavailable(f"the list of {days[0]}..{days[1]} moved during each of {TRIES} walks")


async def _walk_once(api: CamaraApi, params: dict[str, str | int], size: int) -> Listing:
    listing = Listing()
    for number in range(1, _MOST_PAGES + 1):
        if not await _read_page(api, params, number, size, listing):
            return listing
    raise UpstreamUnavailable(f"more than {_MOST_PAGES} pages in one list")


async def _read_page(api: CamaraApi, params: dict[str, str | int], number: int, size: int, listing: Listing) -> bool:
    """Adds a page to the listing. Returns whether another page may follow it."""
    try:
        page = await api.list_page({**params, "itens": size, "pagina": number})
    except _OWN as error:
        listing.failed(error)
        if size == 1:
            listing.broken.append(_row_set_aside(params, error))
            listing.received += 1
            return True
        part = size // _NARROWER if size % _NARROWER == 0 else 1
        parts = size // part
        for place in range(parts):
            if not await _read_page(api, params, (number - 1) * parts + place + 1, part, listing):
                return False
        return True
    listing.take(page)
    # `next` is sometimes given on the last page, and sometimes the page it leads to is empty.
    return page.has_next and bool(page.received)


def _row_set_aside(params: dict[str, str | int], error: LegisError) -> RecordSetAside:
    """A row that is set aside, as a dead letter.

    Its raw form names the days, not the position in the list, which shifts: the same row is one letter in every walk.
    In place of the id, which only the row has, stands the first of the days: by it the letter is resolved once a list
    with that day is read without it.
    """
    first, last = str(params["dataInicio"]), params["dataFim"]
    raw = json.dumps({"set_aside": f"a row of the list of {first}..{last}"}).encode()
    return RecordSetAside(f"a row of the list of {first}..{last} cannot be had: {error}", raw=raw, upstream_id=first)


def _params(days: tuple[date, date], types: frozenset[str]) -> dict[str, str | int]:
    params: dict[str, str | int] = {
        "dataInicio": days[0].isoformat(),
        # one client found the last day left out: the day after it is requested too, or today would never be read
        "dataFim": (days[1] + timedelta(days=1)).isoformat(),
        "ordem": "ASC",
        "ordenarPor": "id",
    }
    if types:
        params["siglaTipo"] = ",".join(sorted(types))
    return params
