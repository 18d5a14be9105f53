"""The request budget: what each walk costs, from named assumptions, as plans."""

from datetime import timedelta

from legis.events import Walk
from legis.ingest.source import WalkPlan

from ingest_ensaio.settings import EnsaioSettings

BILLS_PER_YEAR = 200
"""Assumed; measure it at the source and name here where the figure comes from."""

CHANGED_PER_DAY = 10
"""Assumed likewise."""


def plans(settings: EnsaioSettings, year_now: int) -> tuple[WalkPlan, ...]:
    """Every walk with its period and cost per turn, in order of priority; the backfill's cost is that of all years."""
    poll = timedelta(seconds=settings.poll_interval_seconds)
    years = max(0, year_now - settings.backfill_from_year + 1)

    def plan(walk: Walk, every: timedelta, purpose: str, requests: float) -> WalkPlan:
        return WalkPlan(walk, every, purpose, round(requests), requests / settings.ensaio_requests_per_second / 3600)

    found = (
        plan(Walk.INCREMENTAL, poll, "what changed", 1 + CHANGED_PER_DAY * min(1.0, poll / timedelta(days=1))),
        plan(Walk.BACKFILL, timedelta(0), "every year once, newest first", years * (1 + BILLS_PER_YEAR)),
        plan(Walk.YEARS, timedelta(seconds=settings.years_retry_seconds), "years that failed, once more", 1),
    )
    return found if settings.backfill else found[:1]
