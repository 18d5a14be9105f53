"""Asks the engine and the model the same question and says where they differ."""

import traceback
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import orjson
from api_gateway.search.filtering.bill_filter import BillFilter, SortKey
from api_gateway.search.filtering.filters import FACETS, read_filter
from api_gateway.search.filtering.values import InvalidParameter
from api_gateway.search.index.index_state import IndexState
from api_gateway.search.relevance import MAX_NAMED, MAX_OFFSET, Ranked, ranked_page
from api_gateway.search.results import FACET_VALUES, Page, count, facets, ordered_page, type_codes
from api_gateway.search.suggestions import correction, suggest, suggested_text
from tantivy import Query

from search.model import Model, ModelDisagrees
from search.model_text import Ranking, matching, ranking
from search.questions import Question

_FACET_KINDS = {**FACETS, "author": "author_name"}


class Differs(Exception):
    """Engine and model differ; the message says in what."""


class _Watched:
    """A searcher whose aggregations must be exact."""

    def __init__(self, searcher: Any) -> None:
        self._searcher = searcher

    def __getattr__(self, name: str) -> Any:
        return getattr(self._searcher, name)

    def aggregate(self, query: Query, asked: dict[str, Any]) -> dict[str, Any]:
        """As the searcher's own."""
        found: dict[str, Any] = self._searcher.aggregate(query, asked)
        if wrong := {name: one for name, one in found.items() if one.get("doc_count_error_upper_bound", 0) != 0}:
            raise Differs(f"the counts of {sorted(wrong)} are estimates")
        return found


class Checker:
    """One state of the index beside the model of the same bills."""

    def __init__(self, state: IndexState, model: Model) -> None:
        self.state = replace(state, searcher=_Watched(state.searcher))  # type: ignore[arg-type]
        self.model = model
        self.types = type_codes(state)
        self.refused = 0

    def difference(self, asked: Question) -> str | None:
        """What is wrong with the engine's answer; None for nothing."""
        try:
            wanted = read_filter(asked.given, self.types)
        except InvalidParameter:
            self.refused += 1
            return None
        if wanted.text is None and asked.sort.key is SortKey.RELEVANCE:
            return None
        try:
            self._check(asked, wanted)
        except (Differs, ModelDisagrees) as error:
            return str(error)
        except BaseException as error:  # a panic of Rust is no Exception
            if isinstance(error, KeyboardInterrupt | SystemExit):
                raise
            return "".join(traceback.format_exception(error)[-3:])
        return None

    def follow(self, asked: Question, wanted: BillFilter, after: int | None) -> int | None:
        """Compares pages from a place on; the place behind the last one, None at the end."""
        order, descending = asked.sort.key.value, asked.sort.descending
        places = self.model.orders[order]
        found = self.model.placed(matching(self.model, wanted), order, descending=descending)
        if after is not None:
            found = [one for one in found if (places[one] < after if descending else places[one] > after)]
        for start in range(0, asked.limit * asked.pages, asked.limit):
            page = ordered_page(self.state, wanted, asked.sort, asked.limit, after)
            expected = found[start : start + asked.limit]
            _same("page", _ids(page), [self.model.ids[one] for one in expected])
            _same("more", page.more, len(found) > start + asked.limit)
            _same("last", page.last, places[expected[-1]] if expected else None)
            after = page.last
            if not page.more:
                return None
        return after

    def _check(self, asked: Question, wanted: BillFilter) -> None:
        if asked.sort.key is SortKey.RELEVANCE:
            query, found = self._relevance(asked, wanted)
        else:
            self.follow(asked, wanted, None)
            query, found = self.state.compiler.filter(wanted).query, matching(self.model, wanted)
        _same("count", count(self.state, query), len(found))
        if asked.facets:
            self._facets(query, found, asked.facets)
        if wanted.text is not None:
            suggested_text(self.state, wanted.text)
            suggest(self.state, wanted.text.written[:100], 5)

    def _facets(self, query: Query, found: set[int], names: Sequence[str]) -> None:
        told = facets(self.state, query, names)
        _same("facets: counted", told.counted, len(found))
        for name in names:
            counts = self.model.counted(found, _FACET_KINDS[name])
            best = sorted(counts.values(), reverse=True)[:FACET_VALUES]
            _same(f"counts of {name}", [bills for _, bills in told.values[name]], best)
            wrong = {value: bills for value, bills in told.values[name] if counts.get(value) != bills}
            _same(f"values of {name}", wrong, {})

    def _relevance(self, asked: Question, wanted: BillFilter) -> tuple[Query, set[int]]:
        shown: list[str] = []
        correct = partial(correction, self.state)
        for _ in range(asked.pages):
            ranked = ranked_page(self.state, wanted, asked.limit, len(shown), correct)
            shown += _ids(ranked.page)
            if not ranked.page.more:
                break
        expected = ranking(self.model, wanted, ranked.relevance.text)
        _same("matched", ranked.relevance.matched, expected.matched)
        _same("bills shown twice", len(shown) - len(set(shown)), 0)
        self._ranked(shown, ranked, expected)
        return ranked.query, expected.all

    def _ranked(self, shown: list[str], last: Ranked, expected: Ranking) -> None:
        """The bills shown are those expected: all of them where all were asked for, tier by tier."""
        names = self.model.ids
        found = {names[one] for one in expected.all}
        _same("bills that do not match", sorted(set(shown) - found), [])
        if any(len(tier) > MAX_NAMED for tier in expected.tiers[: expected.named]) or len(found) > MAX_OFFSET:
            return
        if not last.page.more and last.page.last is not None:
            _same("bills of all pages", sorted(shown), sorted(found))
        before: set[str] = set()
        for number, tier in enumerate(expected.tiers):
            before |= {names[one] for one in tier}
            head = shown[: len(before)]
            _same(f"bills of tier {number}", sorted(set(head) - before), [])


def _ids(page: Page) -> list[str]:
    return [orjson.loads(hit.summary)["id"] for hit in page.hits]


def _same(what: str, found: Any, expected: Any) -> None:
    if found != expected:
        raise Differs(f"{what}: the engine has {_short(found)}, the model {_short(expected)}")


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 400 else f"{text[:400]}… ({len(value)} in all)"
