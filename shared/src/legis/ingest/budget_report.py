"""Prints a source's request budget: requests and hours of each walk, and how often it runs."""

from collections.abc import Sequence
from datetime import timedelta

from legis.ingest.source import WalkPlan


def table(rows: Sequence[WalkPlan], requests_per_second: float) -> str:
    """The budget as text: one line for each walk, and the share of the request limit that the recurring walks use."""
    head = f"{'walk':<17} {'every':>9} {'requests':>9} {'hours':>9}  purpose"
    steady = sum(row.requests / row.every.total_seconds() for row in rows if row.every) / requests_per_second
    foot = f"Hours at {requests_per_second:g} requests a second. Without the backfill: {steady:.1%} of that rate."
    return "\n".join((head, *(_line(row) for row in rows), foot))


def _line(plan: WalkPlan) -> str:
    hours = plan.hours_at_polite_limit
    return f"{plan.walk.value:<17} {_period(plan.every):>9} {plan.requests:>9,} {hours:>9.2f}  {plan.purpose}"


def _period(every: timedelta) -> str:
    if not every:
        return "once"
    hours = every.total_seconds() / 3600
    return f"{hours / 24:g} d" if hours >= 24 else f"{hours * 60:g} min"
