"""A chamber in miniature: bills that change, lists that move while they are read, replicas that lag, dates that lie."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from legis.clock import epoch_micros
from legis.domain.bill import Action, Bill, Sponsorship
from legis.domain.brasilia_time import local_day
from legis.domain.vocabulary import ActionKind, ReadingPart, Source, SponsorKind, SponsorshipRole

from twin.store_double.store_tables import Now

_MOST_VANISHED = 5
"""More going at once would not be believed; that nothing then is removed is left to another test."""

_STEADY = 3
"""The first so many bills keep the authors they have: somebody must show what a list looks like where all is well."""

_TOO_BIG = 2**40
"""A bill number that PostgreSQL refuses: a record that can only become a dead letter."""


@dataclass(frozen=True, slots=True)
class Manners:
    """What this seed's chamber does to its readers."""

    source: Source
    stamped: bool
    """Whether list and detail carry the source's own time of change, as the Senado's do."""
    late: bool
    """Whether entries may be listed under a time before the reader last looked."""
    backwards: bool
    """Whether dates are put back or into the future."""
    stale: float
    """Share of details that a lagging replica answers."""
    vanishing: float
    """Share of changes that are a bill's going."""
    poison: float
    """Share of changes that make a record which cannot be stored or read."""

    @property
    def strict(self) -> bool:
        """Whether the checkpoint alone promises completeness, without a second look."""
        return not (self.late or self.backwards) and (self.stamped or not self.stale)


@dataclass(frozen=True, slots=True)
class State:
    """What the chamber says of one bill at one time."""

    upstream_id: str
    revision: int
    listed: int
    title: str
    acted: date
    updated: datetime
    year: int
    poison: str = ""
    authors: tuple[str, ...] = ("a1", "a2", "a3")
    signed: int = 0
    """How often its authors changed; shown beside the rest, so that a change of theirs is seen."""

    @property
    def said(self) -> tuple[str, str]:
        """What tells one state from another, as stored."""
        return self.title, self.acted.isoformat()


class Chamber:
    """Every bill with every state it ever had."""

    def __init__(self, manners: Manners, random: Random, signing: Random, now: Now, size: int) -> None:
        self.manners = manners
        self._random = random
        self._signing = signing
        self._now = now
        self.history: dict[str, list[State]] = {}
        self.gone: set[str] = set()
        """Bills that vanished and are not back."""
        self.returned: set[str] = set()
        """Bills that came back without being listed as changed: nothing but a whole list shows them."""
        self.denied: set[str] = set()
        """Bills that somebody was told are not there."""
        self.lacked: dict[str, list[date]] = {}
        """The days on which a whole list lacked a bill that was listed before."""
        self.vanished = 0
        self.hollow: dict[str | None, str] = {}
        """What is wrong with the list of authors: gone, empty, short or swapped, of one bill, or of all (None)."""
        self.list_fault = 0
        """The number of the present fault of that list."""
        self.hollowed: dict[str, list[tuple[datetime, int]]] = {}
        """When the authors of a bill were answered wrongly, and in which fault."""
        self.down = False
        self.calm = False
        """Replicas have caught up, and nothing is wrong with the way there: the time after the faults."""
        for number in range(size):
            self.add(str(number + 1))

    def add(self, upstream_id: str) -> None:
        """A bill is introduced."""
        now = self._now()
        year = now.year - (self._random.random() < 0.3)
        first = State(upstream_id, 0, epoch_micros(now), "Dispõe sobre 0.", now.date(), now, year)
        self.history[upstream_id] = [first]

    def current(self) -> list[State]:
        """The newest state of every bill that is there, in order of key."""
        return [states[-1] for key, states in sorted(self.history.items()) if key not in self.gone]

    def change(self) -> State:
        """Something happens to a bill: few titles, so that what was true once often becomes true again."""
        random, now, manners = self._random, self._now(), self.manners
        if random.random() < 0.15:
            self.add(str(len(self.history) + 1))
            return self.history[str(len(self.history))][-1]
        upstream_id = random.choice(sorted(self.history))
        if upstream_id in self.gone:
            return self._come_back(upstream_id)
        if random.random() < manners.vanishing and self.vanished < _MOST_VANISHED:
            self.vanished += 1
            self.gone.add(upstream_id)
            return self.history[upstream_id][-1]
        old = self.history[upstream_id][-1]
        listed = epoch_micros(now)
        if manners.late and random.random() < 0.3:
            listed -= random.randrange(6_000_000)
        acted, updated = old.acted, now
        if random.random() < 0.4:
            acted += timedelta(days=1)
        if manners.backwards and random.random() < 0.3:
            acted -= timedelta(days=random.choice((1, 3, -30)))
            updated -= timedelta(hours=random.choice((1, 30, -900)))
        title = f"Dispõe sobre {random.randrange(3)}."
        poison = random.choice(("reject", "number")) if random.random() < manners.poison else ""
        new = replace(
            old, revision=old.revision + 1, listed=listed, title=title, acted=acted, updated=updated, poison=poison
        )
        self.history[upstream_id].append(self._sign(new))
        return self.history[upstream_id][-1]

    def _sign(self, state: State) -> State:
        """Now and then an author comes, or goes for good: a name never comes again."""
        draw = self._signing.random()
        if draw < 0.15:
            authors = (*state.authors, f"a{state.signed + 4}")
        elif draw < 0.3 and len(state.authors) > 1 and int(state.upstream_id) > _STEADY:
            authors = tuple(name for name in state.authors if name != self._signing.choice(state.authors))
        else:
            return state
        return replace(state, authors=authors, signed=state.signed + 1)

    def stir(self) -> None:
        """Every bill is listed as changed, though nothing of it did."""
        for state in self.current():
            now = self._now()
            # a moment later than any window that ends now
            again = replace(state, revision=state.revision + 1, listed=epoch_micros(now) + 1, updated=now)
            self.history[state.upstream_id].append(replace(again, signed=state.signed + 1))

    def authors(self, state: State) -> tuple[str, ...] | None:
        """What a request for the authors of a bill is answered; None: not found."""
        wrong = self.hollow.get(state.upstream_id, self.hollow.get(None, ""))
        if wrong:
            self.hollowed.setdefault(state.upstream_id, []).append((self._now(), self.list_fault))
        if wrong == "gone":
            return None
        cut = {"empty": (), "short": state.authors[:1], "swapped": ("stranger", *state.authors[1:])}
        return cut.get(wrong, state.authors)

    def _come_back(self, upstream_id: str) -> State:
        """A bill is there again, listed as changed or just so."""
        self.gone.discard(upstream_id)
        state = self.history[upstream_id][-1]
        if self._random.random() < 0.5:
            self.returned.add(upstream_id)
            return state
        now = self._now()
        new = replace(state, revision=state.revision + 1, listed=epoch_micros(now), updated=now)
        self.history[upstream_id].append(new)
        return new

    def return_all(self) -> int:
        """Every bill that is gone is there again; how many they were."""
        back = sorted(self.gone)
        for upstream_id in back:
            self._come_back(upstream_id)
        return len(back)

    def whole_list(self, year: int) -> tuple[str, ...]:
        """Every bill of a year that is there now; who is lacking is noted, as nobody else could tell."""
        for upstream_id in sorted(self.gone):
            if self.history[upstream_id][0].year == year:
                self.lacked.setdefault(upstream_id, []).append(local_day(self._now()))
        return tuple(state.upstream_id for state in self.current() if state.year == year)

    def detail(self, upstream_id: str) -> State | None:
        """What a request for one bill is answered: the newest state, the one before it from a lagging replica, or
        None where there is no such bill.
        """
        if upstream_id in self.gone:
            self.denied.add(upstream_id)
            return None
        states = self.history[upstream_id]
        if not self.calm and len(states) > 1 and self._random.random() < self.manners.stale:
            return states[-2]
        return states[-1]

    def bill(self, state: State, part: ReadingPart) -> Bill:
        """A state as a normaliser would give it; a detail shows more than a row of a file, and that never changes."""
        manners = self.manners
        claims: dict[str, Any] = {"upstream_updated_at": state.updated} if manners.stamped else {}
        if part is ReadingPart.DETAIL:
            claims["regime_text"] = "Ordinária"
        number = _TOO_BIG if state.poison == "number" else int(state.upstream_id)
        return Bill(
            source=manners.source,
            upstream_id=state.upstream_id,
            type_code="PL",
            number=number,
            number_text=state.upstream_id,
            year=state.year,
            identifier=f"PL {state.upstream_id}/{state.year}",
            title=state.title,
            abstract=f"Assinada pela {state.signed}. vez.",
            latest_action=Action(date=state.acted, kind=ActionKind.OTHER),
            **claims,
        )


def sponsorships(authors: tuple[str, ...]) -> tuple[Sponsorship, ...]:
    """Authors as a normaliser would give them."""
    role, kind = SponsorshipRole.AUTHOR, SponsorKind.LEGISLATOR
    return tuple(Sponsorship(name=name, role=role, kind=kind, legislator_id=name) for name in authors)
