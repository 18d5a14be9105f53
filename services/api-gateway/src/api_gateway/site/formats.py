"""Dates, times of Brasília, spans and numbers as each language writes them."""

import re
from datetime import date, datetime

from legis.domain.brasilia_time import ZONE, local_day
from legis.languages import Language

_MONTHS = {
    Language.PORTUGUESE: ["jan", "fev", "mar", "abr", "mai", "jun", "jul", "ago", "set", "out", "nov", "dez"],
    Language.ENGLISH: ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
}
_DAYS = {
    Language.PORTUGUESE: ["segunda", "terça", "quarta", "quinta", "sexta", "sábado", "domingo"],
    Language.ENGLISH: ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
}
_UNITS = {
    Language.PORTUGUESE: {"d": ("dia", "dias"), "mo": ("mês", "meses"), "y": ("ano", "anos")},
    Language.ENGLISH: {"d": ("day", "days"), "mo": ("month", "months"), "y": ("year", "years")},
}
_FORMER_PARTY = re.compile(r"(.+)-((?:18|19|20)\d\d)")


class Formats:
    """How one language writes values. Days and instants may be given as the API does: `2026-11-27`,
    `2026-11-27T21:29:00Z`.
    """

    def __init__(self, language: Language) -> None:
        self.language = language
        self._portuguese = language is Language.PORTUGUESE

    def day(self, value: str | date) -> str:
        """`27 nov 2026`, `1º dez 2026`; `27 Nov 2026`."""
        found = as_day(value)
        number = "1º" if self._portuguese and found.day == 1 else str(found.day)
        return f"{number} {_MONTHS[self.language][found.month - 1]} {found.year:04d}"

    def short_day(self, value: str | date) -> str:
        """`27 nov`."""
        return self.day(value).rpartition(" ")[0]

    def month(self, value: str) -> str:
        """`nov 2026`, of `2026-11`."""
        return self.day(f"{value}-02").partition(" ")[2]

    def weekday(self, value: str | date) -> str:
        """`terça`; `Tuesday`."""
        return _DAYS[self.language][as_day(value).weekday()]

    def clock(self, value: str | datetime) -> str:
        """`18h29`, `9h`; `18:29`."""
        local = as_instant(value).astimezone(ZONE)
        if self._portuguese:
            return f"{local.hour}h{local.minute:02d}" if local.minute else f"{local.hour}h"
        return f"{local.hour:02d}:{local.minute:02d}"

    def moment(self, value: str | datetime) -> str:
        """`27 nov 2026, 18h29`."""
        return f"{self.day(local_day(as_instant(value)))}, {self.clock(value)}"

    def near(self, value: str | datetime, now: datetime) -> str:
        """`18h29` of today, `27 nov, 18h29` of this year, else `27 nov 2025, 18h29`."""
        day = local_day(as_instant(value))
        return self.clock(value) if day == local_day(now) else f"{self.day_near(day, now)}, {self.clock(value)}"

    def day_near(self, value: str | date, now: datetime) -> str:
        """`27 nov` of this year, else `27 nov 2025`."""
        day = as_day(value)
        return self.short_day(day) if day.year == local_day(now).year else self.day(day)

    def number(self, value: int) -> str:
        """`1.234`; `1,234`."""
        text = f"{value:,}"
        return text.replace(",", ".") if self._portuguese else text

    def ordinal(self, value: int) -> str:
        """`57ª`, of a legislature; `57th`."""
        if self._portuguese:
            return f"{value}ª"
        ending = "th" if 10 < value % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")
        return f"{value}{ending}"

    def percent(self, share: float) -> str:
        """`98 %`; `98%`. `share` is from 0 to 1."""
        return f"{round(share * 100)}\u00a0%" if self._portuguese else f"{round(share * 100)}%"

    def share(self, part: float, whole: float) -> str:
        """`99,94 %`; `99.94%`, rounded down, so that only all is 100."""
        hundredths = int(10_000 * part / whole)
        text = f"{hundredths // 100}.{hundredths % 100:02d}" if hundredths % 100 else str(hundredths // 100)
        return text.replace(".", ",") + "\u00a0%" if self._portuguese else f"{text}%"

    def span(self, seconds: float) -> str:
        """`40 s`, `12 min`, `1 h 12 min`, `3 dias`."""
        whole = max(0, int(seconds))
        if whole < 60:
            return f"{whole} s"
        if whole < 3600:
            return f"{whole // 60} min"
        if whole < 86_400:
            minutes = whole % 3600 // 60
            return f"{whole // 3600} h {minutes} min" if minutes else f"{whole // 3600} h"
        return self.days(whole // 86_400)

    def party(self, key: str) -> str:
        """`PL`; `PL (1985)` of the key `PL-1985`, by which the API tells a former party from the one that has its
        acronym now.
        """
        former = _FORMER_PARTY.fullmatch(key)
        return f"{former[1]} ({former[2]})" if former else key

    def side(self, party: str | None, state: str | None) -> str:
        """`PL-PR`: party and state, as far as they are told."""
        return "-".join(part for part in (self.party(party or ""), state) if part)

    def days(self, count: int) -> str:
        """`3 dias`, `8 meses`, `2 anos`."""
        unit, number = ("d", count) if count < 60 else ("mo", count // 30) if count < 730 else ("y", count // 365)
        one, more = _UNITS[self.language][unit]
        return f"{number} {one if number == 1 else more}"


def as_day(value: str | date) -> date:
    """The calendar day in Brasília of a day or an instant."""
    if isinstance(value, datetime):
        return local_day(value)
    if isinstance(value, date):
        return value
    return date.fromisoformat(value) if len(value) == 10 else local_day(as_instant(value))


def as_instant(value: str | datetime) -> datetime:
    """An aware instant."""
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)
