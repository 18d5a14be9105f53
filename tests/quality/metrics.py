"""What the quality of one answer is: NDCG and reciprocal rank."""

from collections.abc import Mapping, Sequence
from math import log2

NDCG_DEPTH = 10
RANK_DEPTH = 20


def ndcg(found: Sequence[str], grades: Mapping[str, int], depth: int = NDCG_DEPTH) -> float:
    """Discounted gain of the first `depth` hits as a share of the best possible, 0 to 1; a grade gains 2^grade - 1.

    Raises ValueError where nothing is judged relevant: no answer to such a query could be good.
    """
    best = _gain(sorted(grades.values(), reverse=True)[:depth])
    if not best:
        raise ValueError("no bill is judged relevant")
    seen: set[str] = set()
    gained = []
    for bill in found[:depth]:
        gained.append(0 if bill in seen else grades.get(bill, 0))  # a bill given twice helps once
        seen.add(bill)
    return _gain(gained) / best


def place(found: Sequence[str], target: str, depth: int = RANK_DEPTH) -> int | None:
    """Where the target stands among the first `depth` hits, from 1; None where it does not."""
    first = found[:depth]
    return first.index(target) + 1 if target in first else None


def reciprocal(rank: int | None) -> float:
    """1 for the first place, a half for the second; 0 where the target was not found."""
    return 1 / rank if rank else 0.0


def mean(values: Sequence[float]) -> float:
    """The mean; 0 of nothing."""
    return sum(values) / len(values) if values else 0.0


def _gain(grades: Sequence[int]) -> float:
    return sum((2.0**grade - 1) / log2(rank + 1) for rank, grade in enumerate(grades, 1))
