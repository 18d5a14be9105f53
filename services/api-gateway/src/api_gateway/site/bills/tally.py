"""A voting's totals as a bar: widths in hundredths, and every number in words beside it."""

from collections.abc import Iterable, Mapping
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
    t = visit.words.t
    parts = (("sim", t("frame.yes"), yes), ("abst", t("frame.others"), others), ("nao", t("frame.no"), no))
    found = shares_of(parts)
    return Tally(found, yes, no) if found else None


def shares_of(parts: Iterable[tuple[str, str, int]]) -> tuple[Share, ...]:
    """The parts of a bar from shape, words and count of each, in their order; without those that count nothing."""
    counted = [part for part in parts if part[2]]
    total, shares, done = sum(count for _, _, count in counted), [], 0
    for shape, text, count in counted:
        x, done = round(WIDTH * done / total), done + count
        shares.append(Share(shape, text, count, x, round(WIDTH * done / total) - x))
    return tuple(shares)
