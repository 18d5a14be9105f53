"""The parts of a list's reply that come from the index: items, page, counts, facets, highlights, interpretation of
words.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

import orjson

from api_gateway.search.explain import Wanted, marked, matches, wanted
from api_gateway.search.filtering.bill_filter import SortKey
from api_gateway.search.index.index_state import IndexState
from api_gateway.search.language.text_query import MAX_WORDS, SearchText
from api_gateway.search.relevance import MAX_OFFSET, Relevance, ranked_page
from api_gateway.search.results import FacetCounts, Hit, Page, count, facets, few_may_match, ordered_page
from api_gateway.search.suggestions import correction, looser_text, suggested_text
from api_gateway.web.params.list_request import ListQuestion


@dataclass(frozen=True, slots=True)
class ListAnswer:
    """Rendered items in order, the place of the last one if more follow, and the requested additions. `search` and
    `suggestions` go into `meta` unless they are None.
    """

    items: list[bytes]
    next_place: int | None
    count: int | None
    facets: FacetCounts | None
    search: dict[str, Any] | None
    suggestions: list[str] | None


def list_answer(question: ListQuestion, state: IndexState) -> ListAnswer:
    """Computes the answer from one state of the index. Where it is not quick, it must not run on the event loop."""
    relevance = None
    text = question.wanted.text
    if question.sort.key is SortKey.RELEVANCE:
        correct = partial(correction, state)
        ranked = ranked_page(state, question.wanted, question.limit, question.after or 0, correct)
        page, query, relevance = ranked.page, ranked.query, ranked.relevance
    else:
        page, query = ordered_page(state, question.wanted, question.sort, question.limit, question.after), None
    if query is None and (question.counted or question.facets):
        query = state.compiler.filter(question.wanted).query
    counts = None if query is None or not question.facets else facets(state, query, question.facets)
    counted = None
    if query is not None and question.counted:
        counted = count(state, query) if counts is None else counts.counted  # the facets include the count
    return ListAnswer(
        items=_items(page.hits, question, relevance.text if relevance else text),
        next_place=page.last if page.more else None,
        count=counted,
        facets=counts,
        search=None if text is None else _search_meta(text, relevance),
        suggestions=_suggestions(state, question, page, relevance),
    )


def is_quick(question: ListQuestion, state: IndexState) -> bool:
    """Whether the answer takes a millisecond or two at most in an index of the whole Congress: a page by date of few
    bills, by filters that name values, without additions.
    """
    by_date = question.sort.key is not SortKey.RELEVANCE
    plain = not (question.counted or question.facets or question.explained)
    named = question.wanted.text is None and not question.wanted.ranges
    return by_date and plain and named and few_may_match(state, question.wanted)


def _items(hits: Sequence[Hit], question: ListQuestion, text: SearchText | None) -> list[bytes]:
    """The rendered summaries; reduced to `fields` and with highlights if the query requests that."""
    if not question.fields and not question.explained:
        return [hit.summary for hit in hits]
    why = wanted(text) if question.explained and text is not None else None
    return [_item(hit, question.fields, why) for hit in hits]


def _item(hit: Hit, fields: tuple[str, ...], why: Wanted | None) -> bytes:
    document = orjson.loads(hit.summary)
    body = (
        orjson.dumps({name: document.get(name) for name in fields}) if fields else hit.summary
    )  # summaries of older rows may lack newer fields
    if why is None:
        return body
    told = {
        "title": marked(why, document["title"]),
        "matches": [asdict(match) for match in matches(why, document, hit.texts)],
    }
    return body[:-1] + b',"highlight":' + orjson.dumps(told) + b"}"  # adds one object without rendering the item again


def _search_meta(text: SearchText, relevance: Relevance | None) -> dict[str, Any] | None:
    """How the search words were interpreted; None if they were taken literally."""
    told: dict[str, Any] = {}
    if relevance is not None and relevance.matched != "all":
        told["matched"] = relevance.matched
    if relevance is not None and relevance.corrected:
        told["corrected"] = [{"from": written, "to": known} for written, known in relevance.corrected]
    synonyms = (relevance.text if relevance is not None else text).synonyms
    if synonyms:
        told["synonyms"] = [{"from": one.written, "to": list(one.meant)} for one in synonyms]
    if text.cut:
        told["words_read"] = MAX_WORDS
    if relevance is not None and relevance.cut:
        told["ranked"] = MAX_OFFSET
    return told or None


def _suggestions(
    state: IndexState, question: ListQuestion, page: Page, relevance: Relevance | None
) -> list[str] | None:
    """Likely corrections of the query, if one of its words is unknown; a looser query, if nothing was found."""
    text = question.wanted.text
    if text is None:
        return None
    if relevance is not None and relevance.corrected:
        return [relevance.text.written]
    better = None if text.label is not None and page.hits else suggested_text(state, text)
    if better is None and not page.hits and question.after is None:
        better = looser_text(state, question.wanted)
    if better is not None:
        return [better]
    return [] if not page.hits else None
