"""The engine's part of the reads: every filter, every pair, every order, and depth; in process, on one thread."""

import asyncio
from collections.abc import Sequence
from functools import partial

from api_gateway.search.filtering.bill_filter import BillFilter, Sort
from api_gateway.search.index.index_state import IndexState
from api_gateway.search.results import ordered_page

from bench.pace import Pace
from bench.reading import changes, filter_questions, finding
from bench.reading.engine import Timed, exact, single, spread, timed
from bench.reading.filter_questions import Question
from bench.reading.questions import PAGE, Questions
from bench.report import Figure, Report, at_most
from bench.system.arena import Arena
from bench.system.corpus_index import opened
from bench.turns import Ratio

PART = "queries"
TARGETS = {"p50": at_most(1), "p99": at_most(8), "worst": at_most(15)}
"""Of all questions that the old planner was measured by, milliseconds; of the filters that came since, too."""

_SLOWEST = 10
_DEPTH_TURNS = 40


def run(arena: Arena, questions: Questions, report: Report, pace: Pace) -> None:
    """All of the engine's part, on one state, and the change log."""
    state = opened(arena.index)
    url = arena.postgres.url("legis")
    asyncio.run(changes.noise(url, report))
    _filters(url, state, report, pace)
    _depth(state, questions, report)
    finding.measure(state, questions, report, pace)
    asyncio.run(changes.measure(url, state, arena.bills, report, pace))


def _filters(url: str, state: IndexState, report: Report, pace: Pace) -> None:
    options = asyncio.run(filter_questions.options(url, state))
    asked = filter_questions.questions(options, state, pace.questions)
    found = timed(state, [(one.name, one.work) for one in asked], pace.repeats)
    alone, pairs, new = (_of(kind, asked, found) for kind in ("alone", "pairs", "new"))
    report.add(
        PART,
        *spread("filters alone", alone, {}),
        *spread("filter pairs", pairs, {}),
        *spread("all questions of before", [*alone, *pairs], TARGETS),
        *(spread("filters that came since, and their pairs", new, TARGETS) if new else ()),
        _above("questions above 5 ms", [*alone, *pairs]),
        _queries(found),
    )
    slowest = sorted(found, key=lambda one: -one.median)[:_SLOWEST]
    for one in slowest:
        print(f"    slowest: {one.median * 1000:8.2f} ms, {one.queries} queries  {one.name}")
    report.notes["slowest questions"] = [
        {"question": one.name, "ms": one.median * 1000, "queries": one.queries} for one in slowest
    ]


def _of(kind: str, asked: Sequence[Question], found: Sequence[Timed]) -> list[Timed]:
    return [one for question, one in zip(asked, found, strict=True) if question.kind == kind]


def _above(name: str, found: Sequence[Timed]) -> Figure:
    over = sum(one.median > 0.005 for one in found)
    return Figure(name, exact(100 * over / len(found)), "%", note=f" {over} of {len(found)}")


def _queries(found: Sequence[Timed]) -> Figure:
    most, twice = max(one.queries for one in found), sum(one.queries > 1 for one in found)
    note = f" {twice} of {len(found)} questions needed a second one"
    return Figure("queries of the index for one page, most", exact(most), "", at_most(2), note)


def _depth(state: IndexState, questions: Questions, report: Report) -> None:
    """Page 1 and the deep page in turns, as their readers ask for them."""
    name = f"page {questions.deep_page}"
    places = {"page 1": None, name: questions.deep[0]}
    works = [(told, partial(_page, place)) for told, place in places.items()]
    first, deep = timed(state, works, _DEPTH_TURNS)
    ratios = [one / other for one, other in zip(deep.seconds, first.seconds, strict=True)]
    report.add(
        PART,
        *(Figure(f"{one.name}, p99", exact(sorted(one.seconds)[-1] * 1000), "ms", at_most(5)) for one in (first, deep)),
        single(first),
        single(deep),
        Figure(f"{name} : page 1", Ratio.of(ratios), target=at_most(1.3)),
    )


def _page(place: int | None, state: IndexState) -> object:
    return ordered_page(state, BillFilter(), Sort(), PAGE, place)
