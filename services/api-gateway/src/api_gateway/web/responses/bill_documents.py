"""A page of bills and one bill, put together from their rendered pieces."""

import orjson

from api_gateway.documents.render import with_counterparts
from api_gateway.search.results import FacetCounts
from api_gateway.store.bills.bill_reader import CounterpartLink, StoredBill


def page_object(limit: int, next_cursor: str | None, link: str | None, count: int | None) -> bytes:
    """The member `page` of a list; counts are exact."""
    counted = None if count is None else {"value": count, "kind": "exact"}
    return orjson.dumps({"limit": limit, "next_cursor": next_cursor, "next": link, "count": counted})


def facets_object(facets: FacetCounts) -> bytes:
    """The member `facets` of a list."""
    values = {name: [{"value": v, "count": n} for v, n in pairs] for name, pairs in facets.values.items()}
    return orjson.dumps({"counted": facets.counted, "complete": True, "values": values})


def bill_document(bill: StoredBill) -> bytes:
    """The whole detail, with its links to the other house as they are now."""
    return with_counterparts(bill.document, [_link(link) for link in bill.counterparts])


def _link(link: CounterpartLink) -> dict[str, object]:
    return {
        "id": link.id,
        "source": link.source,
        "identifier": link.identifier,
        "title": link.title,
        "rule": link.rule,
        "confidence": link.confidence,
        "evidence": link.evidence,
    }
