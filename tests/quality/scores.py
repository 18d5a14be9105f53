"""Scores of every query, their means, and the small file in which the figures of an older version are kept."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from quality.engines import Search
from quality.judged import Query
from quality.metrics import mean, ndcg, place, reciprocal

BEFORE = Path(__file__).with_name("before.json")
LOWEST_NDCG = 0.898
LOWEST_MRR = 0.972
"""What the search must reach over all judged queries; it was better when these limits were set."""


@dataclass(frozen=True, slots=True)
class Score:
    """How well one query was answered."""

    ndcg: float
    rank: int | None
    hits: int


@dataclass(frozen=True, slots=True)
class Means:
    """What all queries together, or those of one category, come to. The two counts are of queries."""

    ndcg: float
    mrr: float
    empty: int
    queries: int
    targets: int


def score_all(queries: Iterable[Query], search: Search) -> dict[str, Score]:
    """Asks every query once."""
    scores = {}
    for query in queries:
        found = search(query.text)
        rank = place(found, query.unique) if query.unique else None
        scores[query.text] = Score(round(ndcg(found, query.grades), 4), rank, len(found))
    return scores


def means(queries: Iterable[Query], scores: Mapping[str, Score]) -> Means:
    """The means over those queries that have a score."""
    pairs = [(query, scores[query.text]) for query in queries if query.text in scores]
    ranks = [reciprocal(score.rank) for query, score in pairs if query.unique]
    return Means(
        ndcg=mean([score.ndcg for _, score in pairs]),
        mrr=mean(ranks),
        empty=sum(score.hits == 0 for _, score in pairs),
        queries=len(pairs),
        targets=len(ranks),
    )


def too_low(found: Means) -> str | None:
    """What is below its limit; None if nothing is."""
    low = [
        f"{name} is {value:.3f}, below {least}"
        for name, value, least in (("NDCG@10", found.ndcg, LOWEST_NDCG), ("MRR", found.mrr, LOWEST_MRR))
        if value < least
    ]
    return "; ".join(low) or None


def save(scores: Mapping[str, Score], path: Path = BEFORE) -> None:
    """Writes figures only: no text of any bill."""
    lines = (f"  {json.dumps(text, ensure_ascii=False)}: {json.dumps(asdict(one))}" for text, one in scores.items())
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def load(path: Path = BEFORE) -> dict[str, Score]:
    """What `save` wrote."""
    return {text: Score(**one) for text, one in json.loads(path.read_text(encoding="utf-8")).items()}
