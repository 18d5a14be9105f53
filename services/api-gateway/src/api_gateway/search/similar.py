"""Finds bills similar to a given bill."""

import orjson
from tantivy import DocAddress, Occur, Query

from api_gateway.search.index.index_state import IndexState
from api_gateway.search.index_schema import BILL
from api_gateway.search.language.analysis import joined_tokens, units
from api_gateway.search.language.word_lists import STOP_WORDS
from api_gateway.search.results import hits

_WORDS = 25
"""Words of a bill, the most distinctive ones, by which others are compared."""

_LEAST_BILLS = 2
"""A word that occurs in only one bill finds no other."""


def similar_bills(state: IndexState, bill_id: str, limit: int) -> list[bytes] | None:
    """Summaries of the bills that share most of its distinctive words, most similar first; None if there is no such
    bill.
    """
    schema, searcher = state.index.schema, state.searcher
    itself = Query.term_query(schema, "id", bill_id)
    found = searcher.search(itself, limit=1, count=False).hits
    if not found:
        return None
    like = Query.more_like_this_document_fields_query(
        schema,
        {"words": [_words(state, found[0][1])]},
        min_doc_frequency=_LEAST_BILLS,
        min_term_frequency=1,
        max_query_terms=_WORDS,
        stop_words=sorted(STOP_WORDS),
    )
    alike = Query.boolean_query([
        (Occur.Must, like), (Occur.MustNot, itself),
        (Occur.Must, Query.const_score_query(Query.term_query(schema, "kind", BILL), 0.0)),
    ])  # fmt: skip
    best = searcher.search(alike, limit=limit, count=False).hits
    return [hit.summary for hit in hits(state, [address for _, address in best])]


def _words(state: IndexState, address: DocAddress) -> str:
    """The words that describe a bill: its title twice, its abstract, keywords and subjects."""
    document = state.searcher.doc(address)
    summary = orjson.loads(bytes(document["summary"][0]))
    texts = orjson.loads(bytes(document["texts"][0])) if document["texts"] else {}
    title = summary.get("title") or ""
    parts = (title, title, texts.get("abstract", ""), *texts.get("keywords", ()), *summary.get("subjects", ()))
    return " ".join(joined_tokens(units(part)) for part in parts)
