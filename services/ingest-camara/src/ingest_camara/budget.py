"""The request budget of each walk as plans, computed from named assumptions."""

from collections.abc import Callable, Iterator
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
FILES_OF_VOTINGS = 4
FILES_OF_EVENTS = 2
LIST_PAGE = 100
VOTINGS_DAYS = 3
"""Days before today whose votings are listed at every poll, for those that are registered late."""

FIRST_YEAR_OF_VOTINGS = 1935
FIRST_YEAR_OF_EVENTS = 1991
YEARS_WITH_NAMES = 26
"""Years of which members' votes are published: from 2001 on."""


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

    votings_of_a_day: int = 70
    """13,825 votings in 2025, on some 200 days."""

    nominal_share: float = 0.08
    """Share of the votings of 2023 to 2026 whose members' votes are published, plenary ones above all."""

    open_events: int = 130
    """Events of the next 45 days and the last two, whose agendas are read at every poll."""

    listed_events: int = 450
    """Events from a week ago to 45 days ahead: five pages."""

    openings_per_year: int = 60
    """Plenary votings of a bare request of which the file has no opening, so that a detail tells the purpose."""

    events_in_all: int = 115_000
    """Events of 36 years, 3,200 a year."""


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
        plan(Walk.BACKFILL, timedelta(0), "every year's files once, newest first", years * FILES_PER_YEAR),
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
        *people_plans(settings, figures),
        *_votings(settings, figures, year_now, plan),
        *_agenda(settings, figures, year_now, plan),
    )
    return found if settings.backfill else tuple(plan for plan in found if plan.walk not in _ONLY_WITH_BACKFILL)


_ONLY_WITH_BACKFILL = frozenset(
    {Walk.BACKFILL, Walk.YEARS, Walk.VOTINGS_BACKFILL, Walk.AGENDA_BACKFILL, Walk.PEOPLE_BACKFILL}
)
_Plan = Callable[[Walk, timedelta, str, float], WalkPlan]


def _votings(settings: CamaraSettings, figures: Assumptions, year_now: int, plan: _Plan) -> Iterator[WalkPlan]:
    poll = timedelta(seconds=settings.camara_votings_poll_seconds)
    new = figures.votings_of_a_day * min(1.0, poll / NIGHTLY)
    listed = figures.votings_of_a_day * (VOTINGS_DAYS + 1)
    of_new = new * (1 + 2 * figures.nominal_share)
    nightly = FILES_OF_VOTINGS * min(1.0, poll / NIGHTLY)
    years = max(0, year_now - max(settings.backfill_from_year, FIRST_YEAR_OF_VOTINGS) + 1)
    yield plan(
        Walk.VOTINGS,
        poll,
        f"votings of the last {VOTINGS_DAYS} days, new ones with their votes; the year's files at night",
        listed // LIST_PAGE + 1 + of_new + nightly,
    )
    yield plan(
        Walk.VOTINGS_BACKFILL,
        timedelta(0),
        "every year's files of votings once, newest first; details for the purpose of requests",
        years * FILES_OF_VOTINGS + min(years, YEARS_WITH_NAMES) * figures.openings_per_year,
    )


def _agenda(settings: CamaraSettings, figures: Assumptions, year_now: int, plan: _Plan) -> Iterator[WalkPlan]:
    poll = timedelta(seconds=settings.camara_agenda_poll_seconds)
    nightly = FILES_OF_EVENTS * min(1.0, poll / NIGHTLY)
    files = max(0, year_now - max(settings.backfill_from_year, FIRST_YEAR_OF_EVENTS) + 1)
    agendas = max(0, year_now - max(settings.backfill_from_year, settings.camara_agendas_from_year) + 1)
    yield plan(
        Walk.AGENDA,
        poll,
        "events from a week ago to 45 days ahead, agendas of those not over; the year's files at night",
        figures.listed_events // LIST_PAGE + 1 + figures.open_events + nightly,
    )
    yield plan(
        Walk.AGENDA_BACKFILL,
        timedelta(0),
        "every year's files of events once, newest first; then the agendas month by month",
        files * FILES_OF_EVENTS + agendas * (12 * 4 + figures.events_in_all / 36),
    )


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
