"""The statement of a page by relevance: the best of the newest matches."""

from api_gateway.store.bill_filter import Position
from api_gateway.store.conditions import Arguments, conjoined, label_query, lasting, text_query, wanted, words
from api_gateway.store.match import Match
from api_gateway.store.page_plan import gathered
from api_gateway.store.statement import Statement

CANDIDATES = 1000
"""Newest matches that are ranked; a word in every bill would otherwise take seconds."""

FEWEST_CANDIDATES = 100
_GATHERED_AT_MOST = 20_000
_WALKED_AT_MOST = 6000
_LABEL_BONUS = 10.0


def ranked_page(match: Match, size: int, after: Position | None) -> Statement:
    """`size` bills, best first, from after a position.

    What is in more than 20 000 bills is not gathered but walked to, newest first, and then as many are ranked as about
    6 000 bills hold, 100 at least.
    """
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
        f"WITH ranked AS MATERIALIZED (SELECT c.id, {rank} AS rank FROM ({_candidates(match, arguments)}) AS c),"
        f" page AS (SELECT r.id, r.rank FROM ranked r{beyond} ORDER BY r.rank DESC, r.id DESC LIMIT {size:d})"
        " SELECT b.id, b.summary, page.rank AS position FROM page JOIN bill b ON b.id = page.id"
        " ORDER BY page.rank DESC, page.id DESC",
        tuple(arguments.values),
    )


def _candidates(match: Match, arguments: Arguments) -> str:
    if match.share * match.frequencies.bills <= _GATHERED_AT_MOST:
        found = gathered(match, arguments, "b.id, b.search, b.last_action_at")
        phrase = words(match.asked, arguments, "o") if match.has_phrase else []
        ordered = f"SELECT g.* FROM ({found}) AS g ORDER BY g.last_action_at DESC, g.id DESC"
        if phrase:
            ordered = f"SELECT o.* FROM ({ordered} OFFSET 0) AS o WHERE {phrase[0]}"
        return f"{ordered} LIMIT {CANDIDATES}"
    asked = match.asked
    parts = [*lasting(asked, arguments), *wanted(asked, arguments), *words(asked, arguments)]
    most = min(CANDIDATES, max(FEWEST_CANDIDATES, round(match.share * _WALKED_AT_MOST)))
    return (
        f"SELECT b.id, b.search FROM bill b WHERE {conjoined(parts)}"
        f" ORDER BY b.last_action_at DESC, b.id DESC LIMIT {most:d}"
    )
