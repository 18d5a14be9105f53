"""Legislatures: their numbers and days, from the rows of `legislaturas.csv`."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from ingest_camara.wire.people_files import FileLegislature


class Legislature(NamedTuple):
    """One legislature, from its first to its last day."""

    number: int
    first: date
    last: date

    @property
    def middle(self) -> date:
        """The day by which party labels without a day are read."""
        return self.first + (self.last - self.first) / 2


def read_legislatures(rows: Iterable[FileLegislature]) -> tuple[Legislature, ...]:
    """The legislatures, newest first. Raises ValueError where a number or day cannot be read."""
    found = [
        Legislature(int(row.idLegislatura), date.fromisoformat(row.dataInicio), date.fromisoformat(row.dataFim))
        for row in rows
    ]
    return tuple(sorted(found, reverse=True))


def current_legislature(known: Iterable[Legislature], today: date) -> Legislature | None:
    """The newest legislature that has begun; None where none is known."""
    return max((one for one in known if one.first <= today), default=None)
