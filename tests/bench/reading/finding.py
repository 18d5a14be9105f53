"""Words, facets, counts and what helps to find: in process, on one state of the index."""

from collections.abc import Mapping, Sequence
from functools import partial

from api_gateway.search.filtering.bill_filter import Sort
from api_gateway.search.filtering.filters import read_filter
from api_gateway.search.index.index_state import IndexState
from api_gateway.search.relevance import ranked_page
from api_gateway.search.results import count, facets, ordered_page
from api_gateway.search.similar import similar_bills
from api_gateway.search.suggestions import correction, suggest

from bench.pace import Pace
from bench.reading.engine import Timed, Work, exact, single, timed, watched
from bench.reading.questions import PAGE, Questions
from bench.report import Figure, Report, Target, at_most
from bench.system.corpus import PHRASE

PART = "queries"
TURNS = 20
WORDS = {
    "in nearly every bill": "legislação", "common": "consumidor", "common and a subject": "saúde",
    "middling": "ferrovia", "rare": "jaborandi", "phrase": f'"{PHRASE}"', "two words": "saúde ferrovia",
    "not there": "inexistentíssimo",
}  # fmt: skip
"""In 90, 9, 30, 0.5, 0.03 and 0.4 % of the bills. `saúde`, which the old planner was asked for as common, is in 8 % of
the titles; the index finds the bills that have it as a subject, too."""

BY_RELEVANCE = {"in nearly every bill": at_most(15), "common": at_most(3), "phrase": at_most(4)}
"""Milliseconds for the first page, all matches ranked."""

FIVE = ("type", "status", "year", "chamber", "party")
OTHERS = ("author", "subject", "organization")


def measure(state: IndexState, questions: Questions, report: Report, pace: Pace) -> None:
    """All of it; nothing that is measured here is ever cached."""
    turns = TURNS if pace.questions is None else 2
    _words(state, report, turns)
    _facets(state, report, turns)
    _helps(state, questions, report, turns)


def _words(state: IndexState, report: Report, turns: int) -> None:
    by_date = [(f"by date, {name}", partial(_by_date, text)) for name, text in WORDS.items()]
    ranked = [(f"relevance, {name}", partial(_by_relevance, text)) for name, text in WORDS.items()]
    deep = [("relevance, in nearly every bill, at offset 980", partial(_by_relevance, WORDS["in nearly every bill"],
                                                                       offset=980))]  # fmt: skip
    targets = {f"relevance, {name}": target for name, target in BY_RELEVANCE.items()}
    _add(report, timed(state, [*by_date, *ranked, *deep], turns), targets)


def _by_date(text: str, state: IndexState) -> object:
    return ordered_page(state, read_filter({"q": text}), Sort(), PAGE, None)


def _by_relevance(text: str, state: IndexState, offset: int = 0) -> object:
    return ranked_page(state, read_filter({"q": text}), PAGE, offset, partial(correction, state))


def _facets(state: IndexState, report: Report, turns: int) -> None:
    """Exact facets over the matches of a word, and whether they are exact."""
    every, common = WORDS["in nearly every bill"], WORDS["common"]
    works: list[tuple[str, Work]] = [
        ("five facets over all matches", partial(_counted, every, FIVE)),
        ("five facets over 9 % of the bills", partial(_counted, common, FIVE)),
        ("five facets over all bills", partial(_counted, None, FIVE)),
        *((f"facet {name} over all matches", partial(_counted, every, (name,))) for name in (*FIVE, *OTHERS)),
        *((f"facet {name} over 9 % of the bills", partial(_counted, common, (name,))) for name in OTHERS),
        ("exact count, a word in nearly every bill", partial(_count, every)),
    ]
    bounds = {"five facets over all matches": at_most(60), "five facets over 9 % of the bills": at_most(8)}
    matches = {"all": _count(every, state), "9 %": _count(common, state)}
    report.notes["matches that facets are over"] = matches
    print(f"  facets over {matches['all']} and {matches['9 %']} matches")
    _add(report, timed(state, works, turns), bounds)
    asked = (*FIVE, *OTHERS)
    (found,) = watched(state, partial(_counted, every, asked)).aggregated
    errors = {name: found[name]["doc_count_error_upper_bound"] for name in asked}
    report.add(
        PART,
        *(Figure(f"counts of facet {name}: greatest error", exact(error or 0), "", at_most(0))
          for name, error in errors.items()),
    )  # fmt: skip


def _counted(text: str | None, names: Sequence[str], state: IndexState) -> object:
    query = state.compiler.filter(read_filter({"q": text})).query
    return facets(state, query, names)


def _count(text: str, state: IndexState) -> int:
    return count(state, state.compiler.filter(read_filter({"q": text})).query)


def _helps(state: IndexState, questions: Questions, report: Report, turns: int) -> None:
    """What has no target: completion, correction, bills like a bill."""
    works: list[tuple[str, Work]] = [
        *((f"suggest, {text!r}", partial(_suggest, text)) for text in ("sa", "saud", "pl 26", "maria s")),
        *((f"correction, {word!r}", partial(_correct, word)) for word in ("ferovia", "legislacoa", "xyzxyzxyz")),
    ]
    ids = questions.ids[:20]
    similar = [(f"similar to {one}", partial(_similar, one)) for one in ids]
    _add(report, timed(state, works, turns), {})
    alike = timed(state, similar, max(1, turns // 4))
    joined = Timed(f"bills like a bill, {len(ids)} bills", tuple(one.median for one in alike), alike[0].queries)
    _add(report, [joined], {})


def _suggest(text: str, state: IndexState) -> object:
    return suggest(state, text, 10)


def _correct(word: str, state: IndexState) -> object:
    return correction(state, word)


def _similar(bill_id: str, state: IndexState) -> object:
    return similar_bills(state, bill_id, 10)


def _add(report: Report, found: Sequence[Timed], targets: Mapping[str, Target]) -> None:
    report.add(PART, *(single(one, targets.get(one.name)) for one in found))
