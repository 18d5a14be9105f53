"""Walks the list of what moved between two days, and walks it again when it moved meanwhile."""

from dataclasses import dataclass, field
from datetime import date

from legis.errors import RecordRejected, UpstreamUnavailable

from ingest_camara.client.api import CamaraApi
from ingest_camara.wire.proposals import ListItem

TRIES = 5
_MOST_PAGES = 1000


@dataclass(slots=True)
class Listing:
    """Every bill that a walk of the list met, each once, by id; and rows that could not be read."""

    items: dict[str, ListItem] = field(default_factory=dict)
    broken: list[RecordRejected] = field(default_factory=list)
    received: int = 0
    totals: set[int] = field(default_factory=set)

    @property
    def whole(self) -> bool:
        """Whether as many rows came as upstream promised on every page, or it promised nothing."""
        return not self.totals or self.totals == {self.received}

    def same_as(self, other: "Listing | None") -> bool:
        """Whether another walk met the very same, and upstream's count, though it is another, stood still."""
        if other is None or len(self.totals) != 1:
            return False
        return (self.totals, self.items.keys()) == (other.totals, other.items.keys())


async def walk_list(api: CamaraApi, days: tuple[date, date], *, page_size: int, types: frozenset[str]) -> Listing:
    """What moved from the first to the last day, both included.

    Pages shift under a walk when a bill enters the list before the page being read. So a walk counts only if it met
    as many rows as upstream counted all along, or if the next walk meets the very same. Raises UpstreamUnavailable
    after five walks without either.
    """
    before: Listing | None = None
    for _ in range(TRIES):
        listing = await _walk_once(api, _params(days, page_size, types))
        if listing.whole or listing.same_as(before):
            return listing
        before = listing
    raise UpstreamUnavailable(f"the list of {days[0]}..{days[1]} moved during each of {TRIES} walks")


async def _walk_once(api: CamaraApi, params: dict[str, str | int]) -> Listing:
    listing = Listing()
    for number in range(1, _MOST_PAGES + 1):
        page = await api.list_page({**params, "pagina": number})
        listing.received += page.received
        listing.broken.extend(page.broken)
        if page.total is not None:
            listing.totals.add(page.total)
        for item in page.items:
            listing.items.setdefault(item.id, item)
        # `next` is sometimes given on the last page, and sometimes the page it leads to is empty.
        if not page.has_next or not page.received:
            return listing
    raise UpstreamUnavailable(f"more than {_MOST_PAGES} pages in one list")


def _params(days: tuple[date, date], page_size: int, types: frozenset[str]) -> dict[str, str | int]:
    params: dict[str, str | int] = {
        "dataInicio": days[0].isoformat(),
        "dataFim": days[1].isoformat(),
        "itens": page_size,
        "ordem": "ASC",
        "ordenarPor": "id",
    }
    if types:
        params["siglaTipo"] = ",".join(sorted(types))
    return params
