"""The first reading of all years: first the lists, then details, bills before other propositions, newest year first.

So every bill is served within the hour, and the most wanted ones are read whole first. Positions rise while years go
back. Below zero a position is minus the year whose list comes next. From zero on it counts years of details: one range
of numbers for each step, inside a range for the oldest year to read, so that a lower BACKFILL_FROM_YEAR leads to
numbers that no walk has passed.

A walk of an earlier version, which read lists and details year by year, also has minus a year as its position. It goes
on with the lists. The details of the years it has passed have stored marks, so only the lists of these years are
requested again.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from legis.domain.vocabulary import BillType
from legis.events import Walk
from legis.ingest.source import Window

from ingest_senado.normalizer.marks import stamp
from ingest_senado.source.listing import Listed


class Step(StrEnum):
    """The kind of papers whose details one turn through the years reads, in the order of the turns."""

    BILLS = "bills"
    OTHERS = "other propositions"


STEPS: Final = tuple(Step)

MAKES_NORMS: Final = frozenset(
    {
        *(BillType.PEC, BillType.PL, BillType.PLS, BillType.PLC, BillType.PLP, BillType.PLN, BillType.PLV),
        *(BillType.MPV, BillType.PDL, BillType.PDS, BillType.PDC, BillType.PDN, BillType.SCD, BillType.ECD),
        *(BillType.PRS, BillType.PRC, BillType.PRN),
    }
)
"""Types that can become a law, decree or resolution, or amend the constitution; most others are requests."""

_YEARS: Final = 10_000
"""A number above any year: `_YEARS - year` rises while years go back."""

_SPAN: Final = len(STEPS) * _YEARS


def next_window(oldest: int, position: int | None, this_year: int, *, details: bool) -> Window | None:
    """The window of a backfill down to the year `oldest` at `position`, or None when all is read."""
    at = -this_year if position is None else position
    if at < 0 and -at >= oldest:
        return Window(Walk.BACKFILL, at, at + 1, f"ano {-at}", {"year": str(-at)})
    if not details:
        return None
    begin = max(at, (_YEARS - oldest) * _SPAN)
    step, gone = divmod(begin % _SPAN, _YEARS)
    if _YEARS - gone < oldest:
        step, gone = step + 1, 0
    if step == len(STEPS):
        return None
    year = min(_YEARS - gone, this_year)
    hi = begin - begin % _SPAN + step * _YEARS + _YEARS - year + 1
    detail = {"year": str(year), "step": STEPS[step].value}
    return Window(Walk.BACKFILL, at, hi, f"details of {STEPS[step].value} {year}", detail)


def year_of(window: Window) -> int:
    """The year whose list a window reads."""
    return int(window.detail["year"])


def step_of(window: Window) -> Step | None:
    """The step whose details a window reads; None where it reads the list alone."""
    return Step(window.detail["step"]) if "step" in window.detail else None


def of_step(step: Step, rows: Sequence[Listed]) -> list[Listed]:
    """The rows whose details a step reads, the last updated first."""
    chosen = [row for row in rows if (row.bill.type in MAKES_NORMS) is (step is Step.BILLS)]
    return sorted(chosen, key=lambda row: stamp(row.bill.upstream_updated_at), reverse=True)
