"""The figures as a page for people: `docs/search-quality.md`."""

from collections.abc import Iterable, Mapping, Sequence

from quality.judged import Query
from quality.scores import Means, Score, means

_OPENING = """# How good the search is

Written by `make search-report`; do not edit. {queries} queries were asked of {bills} real bills of the Câmara (yearly
files of 1946 to 1994) in two versions of Legis. For each query it was judged beforehand which bills a person would
want: exactly about it (3), clearly about it (2), touching it (1). The judgements were found by scanning all rows for
words and patterns, not by asking a search engine, and stand with their reasons in `tests/quality/queries.toml`.

*Before* is commit 6dd412a, which searched in PostgreSQL (kept in `tests/quality/before.json`); *after* is this version.

- **NDCG@10** is between 0 and 1: how much of the best possible first ten hits was there, where a better bill and an
  earlier place count more. 1 means that no other answer would have been better.
- **MRR** is over the queries that mean one bill: 1 when it is always the first hit, 0.5 when always the second, 0 for
  each one that is not among the first twenty.
- **Empty answers** are queries that found nothing, errors included. For each query there is a right bill.

"""


def page(queries: Sequence[Query], before: Mapping[str, Score], after: Mapping[str, Score], bills: int) -> str:
    """The whole page."""
    rows = [_summary_row("all", queries, before, after)]
    categories = dict.fromkeys(query.category for query in queries)
    rows += [
        _summary_row(one, [query for query in queries if query.category == one], before, after) for one in categories
    ]
    summary = _table(
        ("category", "queries", "NDCG@10 before", "after", "MRR before", "after", "empty before", "after"), rows
    )
    each = _table(
        ("query", "category", "before", "after"),
        [(_code(query.text), query.category, _cell(query, before), _cell(query, after)) for query in queries],
    )
    explained = (
        "NDCG@10 of each query. Where one bill is meant, its place among the first twenty hits follows; `–` says that"
        " it is not among them.\n\n"
    )
    opening = _OPENING.format(queries=len(queries), bills=f"{bills:,}".replace(",", " "))
    return f"{opening}## By category\n\n{summary}\n## Query by query\n\n{explained}{each}"


def text_of(found: Means) -> str:
    """The means in one line, for a terminal."""
    return (
        f"NDCG@10 {found.ndcg:.3f} over {found.queries} queries, MRR {found.mrr:.3f} over {found.targets} unique"
        f" targets, {found.empty} empty answers"
    )


def _summary_row(
    name: str, queries: Sequence[Query], before: Mapping[str, Score], after: Mapping[str, Score]
) -> tuple[str, ...]:
    old, new = means(queries, before), means(queries, after)
    mrr = [f"{one.mrr:.3f}" if one.targets else "" for one in (old, new)]
    ndcg = [f"{one.ndcg:.3f}" for one in (old, new)]
    return (name, str(len(queries)), *ndcg, *mrr, str(old.empty), str(new.empty))


def _cell(query: Query, scores: Mapping[str, Score]) -> str:
    score = scores.get(query.text)
    if score is None:
        return "not asked"
    if not score.hits:
        return "nothing found"
    target = f" ({f'place {score.rank}' if score.rank else '–'})" if query.unique else ""
    return f"{score.ndcg:.2f}{target}"


def _code(text: str) -> str:
    return f"`{text.replace('|', ' ')}`"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
