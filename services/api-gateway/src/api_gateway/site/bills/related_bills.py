"""Other bills of the same house that a bill is joined to or follows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from api_gateway.site.visit import Visit, outside
from api_gateway.site.wording import Label

MOST_RELATED = 60
_ORDER = ("MAIN_BILL", "JOINED_TO", "NEXT", "PREVIOUS", "RELATED")
_LEADING = frozenset({"MAIN_BILL", "JOINED_TO"})


@dataclass(frozen=True, slots=True)
class RelatedBill:
    """Another bill. `address` is its page here, else the source's; None where neither is known."""

    kind: Label
    identifier: str
    address: str | None
    title: str | None


@dataclass(frozen=True, slots=True)
class RelatedBills:
    """Related bills as the page shows them, the one that this bill follows first; `leading`: those whose fate it
    shares; `more`: number of those left out.
    """

    leading: tuple[RelatedBill, ...]
    shown: tuple[RelatedBill, ...]
    more: int


def related_bills(visit: Visit, bill: Mapping[str, Any]) -> RelatedBills:
    """The related bills of a complete bill."""
    found = sorted(bill.get("related_bills") or (), key=_place)
    rows = tuple(_related(visit, bill["source"], one) for one in found)
    leading = tuple(row for row in rows if row.kind.code in _LEADING) if bill["status"] == "JOINED" else ()
    return RelatedBills(leading, rows[:MOST_RELATED], max(0, len(rows) - MOST_RELATED))


def _place(one: Mapping[str, Any]) -> int:
    return _ORDER.index(one["kind"]) if one["kind"] in _ORDER else len(_ORDER)


def _related(visit: Visit, source: str, one: Mapping[str, Any]) -> RelatedBill:
    key = one.get("upstream_id")
    return RelatedBill(
        visit.words.label("RelationKind", one["kind"]),
        one.get("identifier") or visit.words.t("bill.related_unnamed"),
        visit.url(f"/bills/{source}-{key}") if key else outside(one.get("url")),
        one.get("title"),
    )
