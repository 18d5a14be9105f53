"""Resolves a reference (label, law, URN, id or upstream id) to the ids of bills."""

from dataclasses import dataclass

from tantivy import Occur, Query

from api_gateway.search.index.index_state import IndexState
from api_gateway.search.index_documents import urn_key
from api_gateway.search.language.labels import LabelQuery

MAX_RESOLVED = 100
"""Bills that one reference may resolve to."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference to a bill; the fields that are set are alternatives."""

    label: LabelQuery | None = None
    law: str | None = None
    urn: str | None = None
    id: str | None = None
    source: str | None = None
    upstream_id: str | None = None


def resolved_ids(state: IndexState, reference: Reference) -> list[str]:
    """The bills, including removed ones, newest action first; those of the exact label before those it may also
    mean.
    """
    found: dict[str, None] = {}
    for query in _queries(state, reference):
        hits = state.searcher.search(query, limit=MAX_RESOLVED, count=False, order_by_field="acted").hits
        found |= dict.fromkeys(str(state.searcher.doc(address)["id"][0]) for _, address in hits)
    return list(found)[:MAX_RESOLVED]


def _queries(state: IndexState, reference: Reference) -> list[Query]:
    schema, found = state.index.schema, []
    if reference.label is not None:
        found.append(state.compiler.label(reference.label, also=False))
        if reference.label.also:
            found.append(state.compiler.label(reference.label))
    if reference.law is not None:
        found.append(Query.term_query(schema, "law", reference.law))
    if reference.urn is not None:
        found.append(Query.term_query(schema, "urns", urn_key(reference.urn)))
    if reference.id is not None:
        found.append(Query.term_query(schema, "id", reference.id))
    if reference.upstream_id is not None:
        found.append(_by_upstream_id(state, reference))
    return found


def _by_upstream_id(state: IndexState, reference: Reference) -> Query:
    """Bills with this key of their source; limited to one source if the reference names it."""
    schema, key = state.index.schema, reference.upstream_id
    keys = [(Occur.Should, Query.term_query(schema, field, key)) for field in ("upstream_id", "legacy_id")]
    by_key = Query.boolean_query(keys)
    if reference.source is None:
        return by_key
    of_source = Query.term_query(schema, "source", reference.source)
    return Query.boolean_query([(Occur.Must, of_source), (Occur.Must, by_key)])
