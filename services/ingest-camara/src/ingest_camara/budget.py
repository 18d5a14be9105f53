"""The request budget of each walk as plans, computed from named assumptions."""

from dataclasses import dataclass
from datetime import timedelta

from legis.events import Walk
from legis.ingest.source import WalkPlan
from legis.ingest.years.reconciled_years import TURNS

from ingest_camara.settings import CamaraSettings

NIGHTLY = timedelta(days=1)
OVERLAP_DAYS = 3
RECONCILED_YEARS = 5
FILES_PER_YEAR = 3
_FIRST_READINGS = (Walk.BACKFILL, Walk.YEARS, Walk.PEOPLE_BACKFILL)


@dataclass(frozen=True, slots=True)
class Assumptions:
    """Assumed volume of the Câmara's data. Each figure names its source."""

    touched_per_working_day: int = 800
    """Upper end of the 500 to 800 that one client's 3,800 distinct bills in a week imply."""

    listed_at_a_poll: float = 0.5
    """The list of a day is empty in the morning and complete at night: at the mean poll it holds half of the day."""

    readings_per_touched_bill: float = 1.5
    """A bill that moves often moves twice in a day, and each move is read whole."""

    parts_per_reading: int = 5
    """Authors, themes, proceedings, related bills, votings."""

    votes_per_reading: float = 0.2
    """Few bills are voted on in a day; one that is has a handful of nominal votings."""

    found_by_overlap: float = 0.02
    """Share of the bills of three days that the polls missed: entries that came late or are back-dated."""

    found_by_reconciliation: float = 0.01
    """Share of five years' rows that differ from the stored bill, so that its detail is requested again."""

    years_not_read: int = 1
    """The server of the files has lost the link of a year for days."""

    rows_per_year: int = 34_000
    """124,500 rows in three and a half years up to July 2026."""

    people_pages: int = 45
    """Files and pages of one legislature: 14 of deputies, 3 of bodies, 4 of leaders, 24 of blocs and their parties."""

    deputies_read_whole: int = 60
    """A fourteenth of 650 by turns, and some whose row changed."""

    legislatures: int = 22
    """Those that began since 1934, without the current one."""

    former_deputies: int = 7_200
    """7,883 deputies of all time without those of the current legislature."""


def plans(settings: CamaraSettings, year_now: int, assume: Assumptions | None = None) -> tuple[WalkPlan, ...]:
    """Every walk with its period and requests per turn (BACKFILL: of the whole walk), in order of priority."""
    figures = assume or Assumptions()
    poll = timedelta(seconds=settings.poll_interval_seconds)

    def plan(walk: Walk, every: timedelta, purpose: str, requests: float) -> WalkPlan:
        return WalkPlan(walk, every, purpose, round(requests), requests / settings.camara_requests_per_second / 3600)

    whole = figures.parts_per_reading + figures.votes_per_reading
    touched = figures.touched_per_working_day
    listed = touched * figures.listed_at_a_poll
    read_in_a_poll = touched * figures.readings_per_touched_bill * min(1.0, poll / timedelta(days=1))
    overlapped = touched * OVERLAP_DAYS
    old_years = max(0, year_now - RECONCILED_YEARS - settings.backfill_from_year + 1) / TURNS
    differing = figures.rows_per_year * RECONCILED_YEARS * figures.found_by_reconciliation
    years = max(0, year_now - settings.backfill_from_year + 1)
    found = (
        plan(
            Walk.INCREMENTAL,
            poll,
            "what moved today: its details, and all of what changed",
            _pages(settings, listed) + listed + read_in_a_poll * whole,
        ),
        plan(
            Walk.OVERLAP,
            NIGHTLY,
            f"the last {OVERLAP_DAYS} days again, for entries that came late",
            _pages(settings, overlapped) + overlapped * (1 + figures.found_by_overlap * whole),
        ),
        plan(
            Walk.BACKFILL,
            timedelta(0),
            "every year's files once, newest first",
            years * FILES_PER_YEAR,
        ),
        plan(
            Walk.RECONCILE,
            timedelta(seconds=settings.reconcile_interval_seconds),
            f"the files of {RECONCILED_YEARS} years, and of a {TURNS}th of the older ones, against what is stored",
            (RECONCILED_YEARS + old_years) * FILES_PER_YEAR + differing * (1 + whole),
        ),
        plan(
            Walk.YEARS,
            timedelta(seconds=settings.years_retry_seconds),
            "years whose file was missing or failed, once more",
            figures.years_not_read * FILES_PER_YEAR,
        ),
    )
    walks = (*found, *people_plans(settings, figures))
    return walks if settings.backfill else tuple(plan for plan in walks if plan.walk not in _FIRST_READINGS)


def people_plans(settings: CamaraSettings, figures: Assumptions) -> tuple[WalkPlan, ...]:
    """The walks of legislators and organizations."""
    now = figures.people_pages + 2 * figures.deputies_read_whole
    first = figures.legislatures * figures.people_pages + figures.former_deputies
    pace = settings.camara_requests_per_second * 3600
    return (
        WalkPlan(
            Walk.PEOPLE,
            timedelta(seconds=settings.camara_people_seconds),
            "deputies in office, bodies and their members, board, leaders, blocs",
            round(now),
            now / pace,
        ),
        WalkPlan(
            Walk.PEOPLE_BACKFILL,
            timedelta(0),
            "the lists of every legislature once, newest first, then histories of former deputies",
            round(first),
            first / pace,
        ),
    )


def _pages(settings: CamaraSettings, rows: float) -> float:
    return rows // settings.camara_page_size + 1
