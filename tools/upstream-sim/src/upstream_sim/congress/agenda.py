"""Sessions and meetings of both houses, with the bills on them; the simulated clock moves them through their states."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from enum import Enum
from typing import Final, NamedTuple

from upstream_sim.congress.nation import Nation
from upstream_sim.congress.people import COLEGIADOS, COMMITTEES
from upstream_sim.congress.seeded_random import SeededRandom

PLENARY: Final = "PLEN"
BODIES_OF: Final = {
    "camara": (PLENARY, "CCJC", *COMMITTEES),
    "senado": (PLENARY, *(body.acronym for body in COLEGIADOS)),
}
"""Acronyms of the bodies that meet, of each house."""

YEARS_BACK: Final = 2
"""Regular meetings begin on 1 January this many years before the year of the start."""

_DAY_ZERO: Final = date(2001, 1, 1).toordinal()
_SLOTS: Final = 16
_FIRST_ANNOUNCED: Final = 900_001
_AHEAD: Final = 60
_CONFIRMED_BEFORE: Final = timedelta(days=2)
_TRIES: Final = 30


def session_number(day: date) -> int:
    """The number of the plenary's session on a day, where there is one."""
    return (day.toordinal() - _DAY_ZERO) * _SLOTS


class State(Enum):
    """State of a meeting. MOVED: cancelled, and announced again under another number."""

    PLANNED = "planned"
    CONFIRMED = "confirmed"
    RUNNING = "running"
    HELD = "held"
    CANCELLED = "cancelled"
    MOVED = "moved"


class Outcome(Enum):
    """What became of an agenda item, once its meeting was held."""

    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    NOT_REACHED = "not reached"
    VIEW_GRANTED = "view granted"


class Item(NamedTuple):
    """One agenda item: the index of its bill in the house, its place, and its outcome (None: not decided yet)."""

    bill: int
    order: int
    outcome: Outcome | None


@dataclass(frozen=True, slots=True)
class Meeting:
    """A session (of the plenary) or meeting (of a committee). Times are naive Brasília time.

    `number` identifies it within its house. `bills` are indices of bills of the house, in the order of the agenda;
    `dropped` those that are at present not shown. `moved_to` and `moved_from` are numbers. `revision` counts changes
    made through the control routes.
    """

    house: str
    number: int
    body: str
    starts: datetime
    ends: datetime
    announced: datetime
    bills: tuple[int, ...] = ()
    hearing: bool = False
    cancelled: bool = False
    moved_to: int | None = None
    moved_from: int | None = None
    dropped: frozenset[int] = field(default_factory=frozenset)
    revision: int = 0

    def state(self, now: datetime) -> State:
        """Its state at a simulated time."""
        if self.moved_to is not None:
            return State.MOVED
        if self.cancelled:
            return State.CANCELLED
        if now >= self.starts:
            return State.HELD if now >= self.ends else State.RUNNING
        return State.CONFIRMED if now >= self.starts - _CONFIRMED_BEFORE else State.PLANNED

    def items(self, seed: int, now: datetime) -> tuple[Item, ...]:
        """The agenda items shown at a simulated time. Outcomes are shown once the meeting is held."""
        held = self.state(now) is State.HELD
        return tuple(
            Item(bill, order, _outcome(seed, self, bill) if held else None)
            for order, bill in enumerate(self.bills, 1)
            if bill not in self.dropped
        )


class Agenda:
    """All meetings of one simulated Congress: regular ones by arithmetic, and those announced or changed by order."""

    def __init__(self, nation: Nation) -> None:
        self._nation = nation
        self._first = date(nation.clock.started_at.year - YEARS_BACK, 1, 1)
        self._changed: dict[tuple[str, int], Meeting] = {}
        self._announced = 0

    def between(self, house: str, first: date, last: date) -> list[Meeting]:
        """Meetings that begin on days `first` to `last` (both included) and are announced by now, in order of time."""
        now = self._nation.clock.now()
        found = {meeting.number: meeting for meeting in self._regular(house, first, last)}
        for number, meeting in ((key[1], meeting) for key, meeting in self._changed.items() if key[0] == house):
            found.pop(number, None)
            if first <= meeting.starts.date() <= last:
                found[number] = meeting
        shown = (meeting for meeting in found.values() if meeting.announced <= now)
        return sorted(shown, key=lambda meeting: (meeting.starts, meeting.number))

    def find(self, house: str, number: int) -> Meeting | None:
        """The meeting of that number; None where there is none, or none that is announced by now."""
        meeting = self._changed.get((house, number)) or self._regular_of(house, number)
        return meeting if meeting is not None and meeting.announced <= self._nation.clock.now() else None

    def of_body(self, house: str, body: str, day: date) -> Meeting | None:
        """A meeting of that body on that day; None where there is none."""
        return next((each for each in self.between(house, day, day) if each.body == body), None)

    def announce(self, house: str, body: str, starts: datetime, bills: tuple[int, ...] = ()) -> Meeting:
        """A new meeting, announced now. Without bills it has some recent ones."""
        if body not in BODIES_OF[house]:
            raise ValueError(f"{house} has no body {body!r}: {BODIES_OF[house]}")
        self._announced += 1
        number = _FIRST_ANNOUNCED + self._announced
        chosen = bills or self._pick(house, number, starts.date(), 4)
        now = self._nation.clock.now()
        return self._keep(Meeting(house, number, body, starts, starts + timedelta(hours=3), now, chosen))

    def reschedule(self, house: str, number: int, starts: datetime) -> Meeting:
        """Moves a meeting. In the Câmara it keeps its number; in the Senado it becomes two: one moved, one new."""
        old = self._known(house, number)
        ends = starts + (old.ends - old.starts)
        if house == "camara":
            return self._keep(replace(old, starts=starts, ends=ends, revision=old.revision + 1))
        new = replace(self.announce(house, old.body, starts, old.bills), ends=ends, moved_from=number)
        self._keep(replace(old, moved_to=new.number, revision=old.revision + 1))
        return self._keep(new)

    def cancel(self, house: str, number: int) -> Meeting:
        """Cancels a meeting; it stays listed."""
        old = self._known(house, number)
        return self._keep(replace(old, cancelled=True, revision=old.revision + 1))

    def drop_item(self, house: str, number: int, bill: int) -> Meeting:
        """Takes a bill from the agenda, until `return_item`."""
        old = self._known(house, number)
        if bill not in old.bills:
            raise ValueError(f"bill {bill} is not on the agenda of {number}")
        return self._keep(replace(old, dropped=old.dropped | {bill}, revision=old.revision + 1))

    def return_item(self, house: str, number: int, bill: int) -> Meeting:
        """Puts a bill on the agenda, again or for the first time."""
        old = self._known(house, number)
        bills = old.bills if bill in old.bills else (*old.bills, bill)
        return self._keep(replace(old, bills=bills, dropped=old.dropped - {bill}, revision=old.revision + 1))

    def _known(self, house: str, number: int) -> Meeting:
        meeting = self.find(house, number)
        if meeting is None:
            raise ValueError(f"{house} has no meeting {number}")
        return meeting

    def _keep(self, meeting: Meeting) -> Meeting:
        self._changed[meeting.house, meeting.number] = meeting
        return meeting

    def _regular(self, house: str, first: date, last: date) -> Iterator[Meeting]:
        end = self._nation.clock.now().date() + timedelta(days=_AHEAD)
        for ordinal in range(max(first, self._first).toordinal(), min(last, end).toordinal() + 1):
            for slot in range(2):
                number = (ordinal - _DAY_ZERO) * _SLOTS + slot
                if (meeting := self._regular_of(house, number)) is not None:
                    yield meeting

    def _regular_of(self, house: str, number: int) -> Meeting | None:
        """Tuesdays and Wednesdays the plenary sits (slot 0); Tuesdays to Thursdays one committee meets (slot 1)."""
        days, slot = divmod(number, _SLOTS)
        if not 0 < days < 100_000 or slot > 1:
            return None
        day = date.fromordinal(days + _DAY_ZERO)
        weekday = day.weekday()
        if day < self._first or _is_recess(day) or weekday not in ((1, 2), (1, 2, 3))[slot]:
            return None
        rng = SeededRandom(self._nation.seed, "meeting", house, number)
        committees = BODIES_OF[house][1:]
        body = committees[(days // 7 + weekday) % len(committees)] if slot else PLENARY
        starts = datetime.combine(day, time(10 if slot else 14, rng.pick((0, 0, 30))))
        announced = starts - timedelta(days=_AHEAD if rng.chance(0.2) else 6)
        hearing = bool(slot) and rng.chance(0.25)
        bills = () if hearing else self._pick(house, number, day, 2 + rng.below(4))
        ends = starts + timedelta(hours=2 if slot else 6, minutes=rng.below(50))
        cancelled = rng.chance(0.06)
        return Meeting(house, number, body, starts, ends, announced, bills, hearing, cancelled)

    def _pick(self, house: str, number: int, day: date, wanted: int) -> tuple[int, ...]:
        """Indices of bills that were presented in the two years before that day, law bills where there are any."""
        of_house = self._nation.house(house)
        recent = of_house.corpus.presented_between(day.toordinal() - 730, day.toordinal() - 1)
        rng = SeededRandom(self._nation.seed, "items", house, number)
        found: list[int] = []
        for _ in range(_TRIES if recent else 0):
            index = rng.pick(recent)
            if of_house.place(index).kind in of_house.law_kinds and index not in found:
                found.append(index)
            if len(found) == wanted:
                break
        return tuple(found)


def _is_recess(day: date) -> bool:
    """Whether Congress rests: 18 to 31 July, 23 December to 1 February."""
    return (7, 18) <= (day.month, day.day) <= (7, 31) or (day.month, day.day) >= (12, 23) or day < date(day.year, 2, 2)


def _outcome(seed: int, meeting: Meeting, bill: int) -> Outcome:
    draw = SeededRandom(seed, "outcome", meeting.house, meeting.number, bill).below(100)
    for outcome, below in ((Outcome.APPROVED, 55), (Outcome.REJECTED, 63), (Outcome.WITHDRAWN, 72)):
        if draw < below:
            return outcome
    return Outcome.VIEW_GRANTED if draw < 82 else Outcome.NOT_REACHED
