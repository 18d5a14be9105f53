"""A voting's totals as a bar: widths in hundredths, and every number in words beside it."""

from collections.abc import Mapping
from dataclasses import dataclass

from api_gateway.site.visit import Visit

WIDTH = 1000


@dataclass(frozen=True, slots=True)
class Share:
    """One part of the bar, from `x`, `width` wide, of WIDTH; `shape` is its colour and sign."""

    shape: str
    text: str
    count: int
    x: int
    width: int


@dataclass(frozen=True, slots=True)
class Tally:
    """The parts of a bar in the order yes, others, no."""

    shares: tuple[Share, ...]
    yes: int
    no: int


def tally(visit: Visit, counts: Mapping[str, int | None] | None) -> Tally | None:
    """The bar of `counts` or `counts_published` of the API; None where no vote was counted."""
    if not counts:
        return None
    yes, no = counts.get("yes") or 0, counts.get("no") or 0
    others = (counts.get("abstain") or 0) + (counts.get("other") or 0)
    parts = (("sim", "frame.yes", yes), ("abst", "frame.others", others), ("nao", "frame.no", no))
    total = yes + no + others
    if not total:
        return None
    shares, done = [], 0
    for shape, words, count in parts:
        x, done = round(WIDTH * done / total), done + count
        if count:
            width = round(WIDTH * done / total) - x
            shares.append(Share(shape, visit.words.t(words), count, x, width))
    return Tally(tuple(shares), yes, no)
