"""The order of the first reading of all people: the lists of every legislature, newest first, then histories.

Positions rise while years go back. Below zero a position is minus the year in which the legislatures began whose lists
come next; most years have none. From zero on it is 10,000 minus such a year, for the histories of deputies who are in
no later legislature. The current legislature is not part of it: the walk PEOPLE reads it whole at once.
"""

from legis.events import Walk
from legis.ingest.source import Window

LISTS = "lists"
HISTORIES = "histories"

_YEARS = 10_000
"""A number above any year."""


def next_window(oldest: int, position: int | None, this_year: int) -> Window | None:
    """The window of a walk down to the year `oldest` at `position`, or None when all is read."""
    at = -this_year if position is None else position
    if at < 0 and -at >= oldest:
        return _window(at, at + 1, -at, LISTS)
    begin = max(at, _YEARS - this_year)
    year = _YEARS - begin
    return _window(at, begin + 1, year, HISTORIES) if year >= oldest else None


def _window(lo: int, hi: int, year: int, step: str) -> Window:
    return Window(Walk.PEOPLE_BACKFILL, lo, hi, f"{step} from {year}", {"year": str(year), "step": step})
