"""The whole synthetic Congress: both houses, their pairs of records, the clock, and the changes over time."""

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

from upstream_sim.congress.corpus import Corpus, counts_by_year
from upstream_sim.congress.house import Change, Created, House
from upstream_sim.congress.kinds import (
    CAMARA_KINDS,
    COMMON_SERIES,
    COMMON_SERIES_SINCE,
    SENADO_KINDS,
    camara_number,
    camara_ordinal,
    camara_pattern,
    senado_number,
    senado_ordinal,
    senado_pattern,
)
from upstream_sim.congress.life import Path
from upstream_sim.congress.pairs import Bicameral, Identity, PairKind
from upstream_sim.congress.simulated_clock import Clock
from upstream_sim.congress.texts import TextKey
from upstream_sim.scenario import Scenario

_CAMARA_SHARE: Final = 0.75
_CAMARA_IDS: Final = (10_007, 3)
_SENADO_IDS: Final = (100_003, 5)
NEW_KINDS: Final = ("PL", "PL", "PL", "PL", "PEC", "PLP", "PDL")


class Nation:
    """The data of both houses, which all routes read."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.seed = scenario.seed
        self.clock = Clock(scenario.starts_at)
        born = self.clock.started_at.date()
        of_camara = round(scenario.bills * _CAMARA_SHARE)
        camara = Corpus(counts_by_year(of_camara, born), camara_pattern, born)
        senado = Corpus(counts_by_year(scenario.bills - of_camara, born), senado_pattern, born)
        law_camara = frozenset(kind.sigla for kind in CAMARA_KINDS.values() if kind.law)
        law_senado = frozenset(key for key, kind in SENADO_KINDS.items() if kind.law)
        self.camara = House("camara", self.seed, camara, law_camara, born, _CAMARA_IDS)
        self.senado = House("senado", self.seed, senado, law_senado, born, _SENADO_IDS)
        self.pairs = Bicameral(camara, senado)
        self._assign_crossings()
        self._next_numbers: dict[tuple[str, str, int], int] = {}
        self._laws_of_cycle = lru_cache(maxsize=256)(self._find_laws)
        self._moved_numbers: dict[str, dict[Identity, list[int]]] = {"camara": {}, "senado": {}}
        for pair in self.pairs.of_camara.values():
            self._note_number("camara", pair.camara)
            self._note_number("senado", pair.senado)

    def _assign_crossings(self) -> None:
        for index, pair in self.pairs.of_camara.items():
            if pair.kind in (PairKind.FROM_CAMARA, PairKind.RENUMBERED, PairKind.RENUMBERED_BOTH, PairKind.PLC):
                self.camara.set_path(index, Path.SENT)
            elif pair.kind is PairKind.FROM_SENADO:
                self.senado.set_path(pair.senado, Path.SENT)

    def house(self, source: str) -> House:
        return self.camara if source == "camara" else self.senado

    def text_key(self, source: str, index: int) -> TextKey:
        """The key of a bill's text: both houses' records of one bill have the key of the house where the bill began."""
        pair = (self.pairs.of_camara if source == "camara" else self.pairs.of_senado).get(index)
        if pair is None:
            return (source, index)
        return ("senado", pair.senado) if pair.kind is PairKind.FROM_SENADO else ("camara", pair.camara)

    def identity(self, source: str, index: int, revision: int | None = None) -> Identity:
        """The kind, number and year of a bill at a revision (None: now)."""
        house = self.house(source)
        for change in reversed(house.changes_of(index)[:revision]):
            if change.number is not None and change.year is not None:
                return Identity(house.place(index).kind, change.number, change.year)
        made = house.made_since(index)
        if made is not None:
            return Identity(made.kind, made.number, made.year)
        return self._camara_identity(index) if source == "camara" else self._senado_identity(index)

    def _camara_identity(self, index: int) -> Identity:
        crossed = self.pairs.camara_identity(index)
        if crossed is not None:
            return crossed
        kind, ordinal, year = self._home(self.camara, index)
        return Identity(kind, camara_number(kind, ordinal, year), 0 if CAMARA_KINDS[kind].yearless else year)

    def _senado_identity(self, index: int) -> Identity:
        pair = self.pairs.of_senado.get(index)
        if pair is not None:
            return pair.senado_identity
        kind, ordinal, year = self._home(self.senado, index)
        if self.is_substitute(index):
            ordinal -= 1
        return Identity(kind, 0 if self.is_unnumbered(index) else senado_number(kind, ordinal, year), year)

    @staticmethod
    def _home(house: House, index: int) -> tuple[str, int, int]:
        place = house.place(index)
        return place.kind, place.ordinal, place.year

    def is_substitute(self, index: int) -> bool:
        """Whether this is a Senado record "(Substitutivo-CD)" that repeats another one's number."""
        if index in self.pairs.of_senado or self.senado.made_since(index) is not None:
            return False
        kind, ordinal, year = self._home(self.senado, index)
        return kind == "PL" and year >= COMMON_SERIES_SINCE and ordinal % 12 == 0

    def is_unnumbered(self, index: int) -> bool:
        """Whether this is a Senado request filed as "S/NRO"."""
        kind, ordinal, year = self._home(self.senado, index)
        return kind == "RQS" and year < 2010 and ordinal % 40 == 7

    def _find_laws(self, cycle: range) -> tuple[int, ...]:
        return tuple(near for near in cycle if self.camara.place(near).kind in ("PL", "PLP", "PEC"))

    def laws_near(self, index: int) -> tuple[int, ...]:
        """Indices of the Câmara's law bills in the same cycle: bills to which others of the cycle may be attached."""
        return self._laws_of_cycle(self.camara.corpus.cycle_of(index))

    def find(self, source: str, kind: str, number: int, year: int) -> list[int]:
        """Indices of the bills that have this number now, ascending; rarely more than one."""
        house, wanted = self.house(source), Identity(kind, number, year)
        found = set(self._moved_numbers[source].get(wanted, ()))
        if source == "camara":
            ordinal = camara_ordinal(kind, number, year) if kind in CAMARA_KINDS else None
        else:
            ordinal = senado_ordinal(kind, number, year) if kind in SENADO_KINDS else None
        if ordinal is not None:
            for near in (ordinal, ordinal + 1):
                index = house.corpus.find(kind, near, year)
                if index is not None:
                    found.add(index)
        return sorted(
            index for index in found if not house.is_deleted(index) and self.identity(source, index) == wanted
        )

    def _note_number(self, source: str, index: int) -> None:
        self._moved_numbers[source].setdefault(self.identity(source, index), []).append(index)

    def years_moved(self, source: str, year: int) -> set[int]:
        """Indices of the bills numbered in `year` and presented in another year."""
        return {index for key, entries in self._moved_numbers[source].items() if key.year == year for index in entries}

    def record(self, source: str, index: int, change: Change) -> None:
        """Applies a change to a bill."""
        self.house(source).record(index, change)
        if change.number is not None:
            self._note_number(source, index)

    def free_number(self, source: str, kind: str, year: int) -> int:
        """An unused number of this kind and year."""
        key = (source, kind, year)
        if key not in self._next_numbers:
            common = kind in COMMON_SERIES
            taken = max(
                camara_number(kind, self.camara.corpus.total_of(kind, year), year) if kind in CAMARA_KINDS else 0,
                senado_number(kind, self.senado.corpus.total_of(kind, year), year) if kind in SENADO_KINDS else 0,
            )
            self._next_numbers[key] = taken + 8 + (3 if common and source == "senado" else 0)
        self._next_numbers[key] += 4 if kind in COMMON_SERIES else 1
        return self._next_numbers[key]

    def create(self, source: str, kind: str, at: datetime) -> int:
        """Creates a bill, presented now."""
        house = self.house(source)
        number = self.free_number(source, kind, at.year)
        index = house.create(Created(at, kind, number, number, at.year))
        self._note_number(source, index)
        return index

    def moved_at(self, source: str, index: int, revision: int | None = None) -> datetime:
        """The time of a bill's last step up to a revision, as registered (the time *shown* may be odd)."""
        house = self.house(source)
        changes = house.changes_of(index)[:revision]
        if changes:
            return changes[-1].at
        made = house.made_since(index)
        if made is not None:
            return made.at
        day = datetime.fromordinal(house.base_last_day(index))
        return day + timedelta(
            hours=9 + index % 9, minutes=index * 7 % 60, seconds=index * 13 % 60, milliseconds=index % 997
        )
