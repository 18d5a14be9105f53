"""The request budget of each walk as plans, computed from named assumptions."""

from dataclasses import dataclass
from datetime import timedelta

from legis.events import Walk
from legis.ingest.source import WalkPlan
from legis.ingest.years.reconciled_years import TURNS

from ingest_senado.settings import SenadoSettings

NIGHTLY = timedelta(days=1)
VOTES_EVERY = timedelta(days=1)
OVERLAP_DAYS = 3
RECONCILED_YEARS = 2
DETAIL_TURNS = 2
"""Turns of a backfill through all years for details. Each turn reads the list of every year once more."""


@dataclass(frozen=True, slots=True)
class Assumptions:
    """Assumed volume of the Senado's data. Each figure names its source."""

    rows_per_year: int = 3_600
    """Mean over 1934 to today: 5,428 rows were measured for 2023, a third of that for years before 1988."""

    moved_per_day: int = 130
    """422 bills moved in five days recorded in December 2018; sitting days are busier than the mean."""

    moved_in_30_days: int = 2_500
    """Fewer than 30 times `moved_per_day`, since the same bills move again."""

    voted_in_30_days: int = 25
    """95 to 225 votings a year, several of them on the same bill."""

    in_progress_share: float = 0.15
    """Share of a recent year's rows; 10,780 rows are in progress in all years together."""

    years_not_read: int = 1
    """Responses without rows and failing services have made a year unreadable for days."""

    requests_per_moved_bill: int = 3
    """Requests per moved bill: detail, rapporteurs, votings."""

    committees: int = 60
    """Committees of the Senado and of the Congress at work; 58 of 158 bodies recorded in December 2018."""

    senators: int = 1_200
    """Everybody who held a seat since 1951; about 110 in a legislature, many of them in several."""

    requests_per_senator: int = 7
    """Detail, mandates, parties, committees, offices, leaves, leaderships."""

    matters_per_year: int = 700
    """Matters on agendas of the plenary whose process is asked for by its older code."""

    missed_share: float = 0.01
    """Share of moved bills that the regular walk misses and a wider one finds."""


def plans(settings: SenadoSettings, year_now: int, assume: Assumptions | None = None) -> tuple[WalkPlan, ...]:
    """Every walk with its period and its requests per turn; for the backfill, those of the whole walk."""
    figures = assume or Assumptions()
    poll = timedelta(seconds=settings.poll_interval_seconds)
    polls_per_day = max(1.0, timedelta(days=1) / poll)
    per_poll = round(1 + figures.moved_per_day * figures.requests_per_moved_bill / polls_per_day)

    def plan(walk: Walk, every: timedelta, purpose: str, requests: int) -> WalkPlan:
        return WalkPlan(walk, every, purpose, requests, requests / settings.senado_requests_per_second / 3600)

    old_years = max(0, year_now - RECONCILED_YEARS - settings.backfill_from_year + 1) // TURNS + 1
    missed = figures.missed_share * figures.requests_per_moved_bill
    found: tuple[WalkPlan, ...] = (
        plan(Walk.INCREMENTAL, poll, "what was updated today, with details", per_poll),
        plan(Walk.VOTES, VOTES_EVERY, "votings of the last 30 days", 1 + figures.voted_in_30_days),
        plan(
            Walk.OVERLAP,
            NIGHTLY,
            "the last 3 days again; details only of what was missed",
            1 + round(3 * figures.moved_per_day * missed),
        ),
        plan(
            Walk.RECONCILE,
            timedelta(seconds=settings.reconcile_interval_seconds),
            f"the last 30 days, {RECONCILED_YEARS} years, a {TURNS}th of the older ones; details of what was missed",
            1 + RECONCILED_YEARS + old_years + round(figures.moved_in_30_days * missed),
        ),
        plan(
            Walk.YEARS,
            timedelta(seconds=settings.years_retry_seconds),
            "years whose list could not be had, once more",
            figures.years_not_read,
        ),
        plan(
            Walk.BACKFILL,
            timedelta(0),
            "the lists of all years, then details: bills, then other propositions",
            _backfill(settings, year_now, figures),
        ),
    )
    found += tuple(plan(*row) for row in _records(settings, year_now, figures))
    once = {Walk.BACKFILL, Walk.YEARS, Walk.PEOPLE_BACKFILL, Walk.VOTINGS_BACKFILL, Walk.AGENDA_BACKFILL}
    return found if settings.backfill else tuple(plan for plan in found if plan.walk not in once)


def _records(
    settings: SenadoSettings, year_now: int, figures: Assumptions
) -> tuple[tuple[Walk, timedelta, str, int], ...]:
    """The rows of people, votings and agendas, in the order of their first reading: people before their votes."""
    committees, per_senator = figures.committees, figures.requests_per_senator
    agenda, votings, people = (
        timedelta(seconds=seconds)
        for seconds in (
            settings.senado_agenda_poll_seconds,
            settings.senado_votings_poll_seconds,
            settings.senado_people_seconds,
        )
    )
    once = timedelta(0)
    terms = len(range(max(1951, settings.backfill_from_year), year_now + 1, 4))
    voting_years = len(range(max(1991, settings.backfill_from_year), year_now + 1))
    agenda_years = len(range(max(2001, settings.backfill_from_year), year_now + 1))
    per_look = 3 + round(committees * min(1.0, votings / timedelta(hours=6)))
    return (
        (Walk.AGENDA, agenda, "sessions, results and meetings of 7 days back and 30 ahead", 7),
        (Walk.VOTINGS, votings, "votings of 30 days and orientations; committees' every 6 hours", per_look),
        (
            Walk.PEOPLE,
            people,
            "81 senators whole; committees, boards and blocs with their members",
            10 + 2 * committees + 84 * per_senator,
        ),
        (
            Walk.PEOPLE_BACKFILL,
            once,
            "everybody of each legislature, newest first",
            terms + round(figures.senators * per_senator * terms / 19),
        ),
        (
            Walk.VOTINGS_BACKFILL,
            once,
            "votings of every year, with orientations and committees'",
            voting_years * (1 + 12 + 1 + committees),
        ),
        (
            Walk.AGENDA_BACKFILL,
            once,
            "sessions and meetings of every year, with the bills on their agendas",
            agenda_years * (12 * 2 + 19 + figures.matters_per_year),
        ),
    )


def _backfill(settings: SenadoSettings, year_now: int, figures: Assumptions) -> int:
    years = max(0, year_now - settings.backfill_from_year + 1)
    rows = years * figures.rows_per_year
    if not settings.senado_detail_on_backfill:
        return years * 2
    lists = years * (2 + DETAIL_TURNS)
    voting_years = min(years, max(0, year_now - 1990))
    votings = voting_years * figures.voted_in_30_days * 6
    return lists + rows + round(rows * figures.in_progress_share) + votings
