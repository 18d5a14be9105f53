"""A page of bills and one bill, put together from their rendered pieces."""

from collections.abc import Sequence

import orjson

from api_gateway.documents.render import with_counterparts
from api_gateway.store.bill_reader import CounterpartLink, StoredBill
from api_gateway.store.counting import Count, FacetCounts
from api_gateway.web.answering.highlight import highlight


def items(summaries: Sequence[bytes], fields: tuple[str, ...], marked: str | None) -> Sequence[bytes]:
    """The rendered summaries; reduced to `fields` and marked with the folded query where that is asked."""
    if not fields and marked is None:
        return summaries
    return [_changed(summary, fields, marked) for summary in summaries]


def _changed(summary: bytes, fields: tuple[str, ...], marked: str | None) -> bytes:
    document = orjson.loads(summary)
    body = orjson.dumps({name: document[name] for name in fields}) if fields else summary
    if marked is None:
        return body
    marks = orjson.dumps({"highlight": {"title": highlight(document["title"], marked)}})
    return body[:-1] + b"," + marks[1:]  # one object more, without writing all of the summary again


def page_object(limit: int, next_cursor: str | None, link: str | None, count: Count | None) -> bytes:
    """The member `page` of a list."""
    counted = None if count is None else {"value": count.value, "kind": "exact" if count.exact else "estimated"}
    return orjson.dumps({"limit": limit, "next_cursor": next_cursor, "next": link, "count": counted})


def facets_object(facets: FacetCounts) -> bytes:
    """The member `facets` of a list."""
    values = {name: [{"value": v, "count": n} for v, n in pairs] for name, pairs in facets.values.items()}
    return orjson.dumps({"counted": facets.counted, "complete": facets.complete, "values": values})


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
