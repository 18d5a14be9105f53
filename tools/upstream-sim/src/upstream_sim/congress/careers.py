"""Who sat in the Câmara in which legislature, in which party and situation: careers of deputies, present and former."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from upstream_sim.congress.people import PARTIES, Person, deputies, made_up_deputy

CURRENT: Final = 57
OLDEST_WITH_DEPUTIES: Final = 35
OLDEST_WITH_FILES: Final = 50
SUBSTITUTES: Final = 24
_PARTY_CHANGE: Final = datetime(2024, 4, 5, 10, 30)
_LEAVE: Final = (datetime(2024, 3, 1, 14, 0), datetime(2024, 7, 1, 9, 0))
_OLD_LABELS: Final = {"UNIÃO": ("DEM", 36769), "PODE": ("PSC", 36851), "PL": ("PR", 36793)}
"""Labels that these parties' members had in earlier legislatures."""


class Stage(NamedTuple):
    """One entry of a deputy's history, valid from `at` on."""

    at: datetime
    legislature: int
    name: str
    party: str
    party_id: int
    situation: str | None
    condition: str
    note: str


def legislature_days(number: int) -> tuple[date, date]:
    """First and last day of a legislature, as if all had begun every fourth year."""
    year = 2023 - 4 * (CURRENT - number)
    return date(year, 2, 1), date(year + 4, 1, 31)


@dataclass
class Careers:
    """All careers, and what was changed on request. `former` is the number of deputies who left in each legislature."""

    former: int
    changes: dict[int, list[Stage]] = field(default_factory=dict)
    _people: dict[int, tuple[Person, int, int]] = field(default_factory=dict)
    """By id: the person, the place among the deputies of its kind, and the last legislature."""

    def __post_init__(self) -> None:
        for place, person in enumerate(deputies()):
            self._people[person.id] = (person, place, CURRENT)
        for place in range(SUBSTITUTES):
            person = made_up_deputy(513 + place, 204_001 + (513 + place) * 3)
            self._people[person.id] = (person, 10_000 + place, CURRENT)
        for number in range(OLDEST_WITH_DEPUTIES, CURRENT):
            for place in range(self.former if number >= OLDEST_WITH_FILES else 3):
                person = made_up_deputy(10_000 + number * 1000 + place, 4_000 + number * 1000 + place)
                self._people[person.id] = (person, place, number)

    def __iter__(self) -> Iterator[Person]:
        return (person for person, _, _ in self._people.values())

    def person(self, identifier: int) -> Person | None:
        """The deputy with an id."""
        found = self._people.get(identifier)
        return found[0] if found else None

    def legislatures(self, person: Person) -> range:
        """The legislatures in which the deputy sat, all in a row."""
        _, place, last = self._people[person.id]
        earlier = 0 if place >= 10_000 or last <= OLDEST_WITH_FILES else 2 if place % 8 == 0 else 1 - place % 2
        return range(max(last - earlier, OLDEST_WITH_DEPUTIES), last + 1)

    def of_legislature(self, number: int) -> list[Person]:
        """Everybody who sat in a legislature, by id."""
        return sorted((one for one in self if number in self.legislatures(one)), key=lambda one: one.id)

    def in_office(self) -> list[Person]:
        """Those who exercise a mandate now, by name."""
        now = (one for one in self.of_legislature(CURRENT) if self.history(one)[-1].situation == "Exercício")
        return sorted(now, key=lambda one: one.name)

    def history(self, person: Person) -> list[Stage]:
        """Every entry, oldest first."""
        _, place, _ = self._people[person.id]
        stages = [stage for number in self.legislatures(person) for stage in self._stages(person, place, number)]
        return [*stages, *self.changes.get(person.id, ())]

    def _stages(self, person: Person, place: int, number: int) -> list[Stage]:
        first, last = legislature_days(number)
        begin = datetime.combine(first, datetime.min.time())
        party = (person.party, person.party_id) if number == CURRENT else self._then(person)
        name = f"Dr. {person.name}" if place % 50 == 11 and number < CURRENT else person.name
        condition = "Suplente" if place >= 10_000 else "Titular"

        def stage(at: datetime, situation: str | None, note: str, label: tuple[str, int] = party) -> Stage:
            return Stage(at, number, name, *label, situation, condition, note)

        opening = "Nome no início da legislatura / Partido no início da legislatura"
        if number == CURRENT and place >= 10_000:
            return _substitute(stage, begin, opening, place - 10_000)
        before = _other(person) if number == CURRENT and place % 10 == 3 else party
        stages = [
            stage(begin, None, opening, before),
            stage(begin + timedelta(hours=11), "Exercício", "Entrada - Posse de Eleito Titular", before),
        ]
        if number == CURRENT and place % 10 == 3:
            stages.append(stage(_PARTY_CHANGE, "Exercício", "Alteração de partido"))
        if number == CURRENT and place % 40 == 7:
            stages.append(stage(_LEAVE[0], "Licença", "Saída - Afastamento com prazo indeterminado - Licença"))
            stages.append(stage(_LEAVE[1], "Exercício", "Entrada - Reassunção de titular"))
        if number < CURRENT:
            end = datetime.combine(last, datetime.min.time()) + timedelta(hours=23, minutes=59)
            stages.append(stage(end, "Fim de Mandato", "Saída - Fim da legislatura"))
        return stages

    @staticmethod
    def _then(person: Person) -> tuple[str, int]:
        return _OLD_LABELS.get(person.party, (person.party, person.party_id))


def _substitute(stage: object, begin: datetime, opening: str, place: int) -> list[Stage]:
    """A substitute who sat while a deputy was on leave; the first one twice in one month."""
    assert callable(stage)
    stages = [stage(begin, None, opening), stage(begin, "Suplência", "Entrada - Suplente")]
    days = [_LEAVE] if place else [(_LEAVE[0], datetime(2024, 3, 8)), (datetime(2024, 3, 20), _LEAVE[1])]
    for start, end in days:
        stages.append(stage(start, "Exercício", "Entrada - Posse de Suplente - em exercício"))
        stages.append(stage(end, "Suplência", "Saída - Reassunção do titular"))
    return stages


def _other(person: Person) -> tuple[str, int]:
    """The party that somebody left."""
    places = [label for label, _, _ in PARTIES]
    label, identifier, _ = PARTIES[(places.index(person.party) + 5) % len(PARTIES)]
    return label, identifier
