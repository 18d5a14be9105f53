"""The statements of a page by relevance: the best of the newest matches."""

from collections.abc import Callable
from functools import partial

from api_gateway.store.bill_filter import Position, Sort
from api_gateway.store.conditions import (
    Arguments,
    beside,
    carried,
    conjoined,
    ended,
    label_query,
    text_query,
    there,
    words,
)
from api_gateway.store.match import Match
from api_gateway.store.near import Near, near
from api_gateway.store.page_plan import PagePlan
from api_gateway.store.page_ways import gathered
from api_gateway.store.statement import Statement

CANDIDATES = 600
"""Newest matches that are ranked; a word in every bill would otherwise take seconds."""

PHRASE_CANDIDATES = 250
"""The same where there is a phrase: the words of each candidate are read twice."""

FEWEST_CANDIDATES = 100
_GATHERED_AT_MOST = 20_000
_WALKED_AT_MOST = 3500
_LABEL_BONUS = 10.0
_PATIENCE = 3
_Candidates = Callable[[Arguments], str]
_MORE = 3
"""As many matches as are ranked, times this, should be in a near end."""


def ranked_page(match: Match, size: int, after: Position | None) -> PagePlan:
    """`size` bills, best first, from after a position.

    What is in more than 20 000 bills is not gathered but walked to, newest first, and then as many are ranked as about
    3 500 bills hold, 100 at least; unless these are far more bills than they should be.
    """
    whole = partial(_ranked, match, size, after, _gathered(match, None))
    if match.share * match.frequencies.bills > _GATHERED_AT_MOST:
        return PagePlan(partial(_ranked, match, size, after, _walked(match)), whole)
    part = near(match, Sort(), _most(match) * _MORE)
    if part is None:
        return PagePlan(whole)
    return PagePlan(partial(_ranked, match, size, after, _gathered(match, part)), whole)


def _most(match: Match) -> int:
    return PHRASE_CANDIDATES if match.has_phrase else CANDIDATES


def _ranked(match: Match, size: int, after: Position | None, candidates: _Candidates) -> Statement:
    arguments, text = Arguments(), match.asked.text
    rank = "0::float8"
    if text is not None:
        rank = f"ts_rank_cd(c.search, {text_query(text, arguments)})::float8"
        if text.label is not None:
            label = f"{arguments.bind(label_query(text.label))}::text::tsquery"
            rank += f" + CASE WHEN c.search @@ {label} THEN {_LABEL_BONUS} ELSE 0 END"
    beyond = ""
    if after is not None:
        beyond = f" WHERE (r.rank, r.id) < ({arguments.bind(after.value)}::float8, {arguments.bind(after.id)})"
    return Statement(
        f"WITH ranked AS MATERIALIZED (SELECT c.id, {rank} AS rank FROM ({candidates(arguments)}) AS c),"
        f" page AS (SELECT r.id, r.rank FROM ranked r{beyond} ORDER BY r.rank DESC, r.id DESC LIMIT {size:d})"
        " SELECT b.id, b.summary, page.rank AS position FROM page JOIN bill b ON b.id = page.id"
        " ORDER BY page.rank DESC, page.id DESC",
        tuple(arguments.values),
    )


def _gathered(match: Match, part: Near | None) -> _Candidates:
    def candidates(arguments: Arguments) -> str:
        near_end = ended(part.end if part else None, arguments)
        found = gathered(match, arguments, "b.id, b.search, b.last_action_at", near_end)
        phrase = words(match.asked, arguments, "o") if match.has_phrase else []
        ordered = f"SELECT g.* FROM ({found}) AS g ORDER BY g.last_action_at DESC, g.id DESC"
        if phrase:
            ordered = f"SELECT o.* FROM ({ordered} OFFSET 0) AS o WHERE {phrase[0]}"
        return f"{ordered} LIMIT {_most(match)}"

    return candidates


def _walked(match: Match) -> _Candidates:
    most = min(CANDIDATES, max(FEWEST_CANDIDATES, round(match.share * _WALKED_AT_MOST)))
    farthest = round(most / match.share * match.carried * _PATIENCE)

    def candidates(arguments: Arguments) -> str:
        first = conjoined([*there(match.asked), *carried(match.asked, arguments)])
        order = "ORDER BY b.last_action_at DESC, b.id DESC"
        newest = f"SELECT b.* FROM bill b WHERE {first} {order} LIMIT {max(most, farthest):d}"
        passed = conjoined(beside(match.asked, arguments))
        return f"SELECT b.id, b.search FROM ({newest}) AS b WHERE {passed} LIMIT {most:d}"

    return candidates
