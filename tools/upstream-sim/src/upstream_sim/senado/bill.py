"""One process of the Senado at one revision, independent of any format."""

from datetime import datetime, timedelta
from functools import cached_property
from typing import Final, NamedTuple

from upstream_sim.congress.house import Change
from upstream_sim.congress.kinds import SENADO_KINDS, SenadoKind
from upstream_sim.congress.nation import Nation
from upstream_sim.congress.pairs import Identity, Pair, PairKind
from upstream_sim.congress.people import COLEGIADOS, PLENARY, Colegiado, Person, senators
from upstream_sim.congress.seeded_random import SeededRandom
from upstream_sim.congress.texts import Text, compose
from upstream_sim.senado.steps import PATHS, STEPS, UNKNOWN, Situation, Step

SAMPLE_TOTALS: Final = "Sim: 48; Não: 4; Total: 52"
"""Totals in the text of a report; the actual totals replace them where the voting is nominal."""

_FIRST_MATERIA: Final = 20_001
_LAST_TOGETHER: Final = 2
_REVIEWS: Final = frozenset({PairKind.FROM_CAMARA, PairKind.RENUMBERED, PairKind.RENUMBERED_BOTH, PairKind.PLC})


def materia_of(index: int) -> int:
    """The legacy code of a process."""
    return _FIRST_MATERIA + index * 2


def index_of_materia(code: int) -> int | None:
    index, rest = divmod(code - _FIRST_MATERIA, 2)
    return None if rest or index < 0 else index


class Informe(NamedTuple):
    """One entry of the proceedings."""

    number: int
    at: datetime
    step_name: str
    step: Step
    situation: Situation | None
    colegiado: Colegiado
    text: str


class SenadoBill:
    """A process of the Senado at one revision, computed on demand; `revision` None means the newest."""

    def __init__(self, nation: Nation, index: int, revision: int | None = None) -> None:
        self.nation, self.index = nation, index
        self.id = nation.senado.id_of(index)
        self.materia = materia_of(index)
        self.place = nation.senado.place(index)
        self.kind: SenadoKind = SENADO_KINDS[self.place.kind]
        self._revision = revision

    @cached_property
    def pair(self) -> Pair | None:
        return self.nation.pairs.of_senado.get(self.index)

    @cached_property
    def identity(self) -> Identity:
        return self.nation.identity("senado", self.index, self._revision)

    @cached_property
    def changes(self) -> list[Change]:
        return self.nation.senado.changes_of(self.index)[: self._revision]

    @cached_property
    def number_text(self) -> str:
        """The number as printed, which is not always numeric."""
        _, number, year = self.identity
        if self.nation.is_unnumbered(self.index):
            return "S/NRO"
        if self.place.kind == "MPV" and year <= 2001 and self.index % 3 == 0:
            return f"{number}-{1 + self.index % 70}"
        return str(number)

    @cached_property
    def identification(self) -> str:
        """`PL 8/2025`, with the suffixes that the Senado appends."""
        kind, _, year = self.identity
        text = f"{kind} {self.number_text}/{year}"
        if self.nation.is_substitute(self.index):
            return f"{text} (Substitutivo-CD)"
        return f"{text} - {self.committee.acronym}" if kind == "REQ" else text

    @cached_property
    def ente(self) -> str:
        """The body that assigned the number."""
        return self.committee.acronym if self.place.kind == "REQ" else self.kind.house

    @cached_property
    def odd(self) -> int:
        """A number that selects oddities; -1 where there are none."""
        return (
            SeededRandom(self.nation.seed, "senado", self.index, "odd").below(1000)
            if self.nation.scenario.oddities
            else -1
        )

    @cached_property
    def is_review(self) -> bool:
        """Whether the bill began in the Câmara."""
        return self.pair is not None and self.pair.kind in _REVIEWS

    @cached_property
    def origin(self) -> Identity:
        """The kind, number and year in the house where the bill began."""
        return self.identity if self.pair is None else self.pair.origin

    @cached_property
    def presented(self) -> datetime:
        made = self.nation.senado.made_since(self.index)
        if made is not None:
            return made.at.replace(microsecond=0)
        day = datetime.fromordinal(self.nation.senado.presented_day(self.index))
        return day + timedelta(hours=9 + self.index % 9, minutes=self.index * 11 % 60, seconds=self.index * 29 % 60)

    @cached_property
    def moved_at(self) -> datetime:
        """Time of the last update of the record."""
        return self.nation.moved_at("senado", self.index, self._revision)

    @cached_property
    def text(self) -> Text:
        key = self.nation.text_key("senado", self.index)
        year = self.place.year if self.pair is None else self.pair.origin.year
        kind = self.place.kind if self.pair is None else self.pair.origin.kind
        return compose(self.nation.seed, key, kind, year)

    @cached_property
    def title(self) -> str:
        for number in range(len(self.changes) - 1, -1, -1):
            if self.changes[number].new_title:
                key = ("senado", self.index, "title", number)
                return compose(self.nation.seed, key, self.place.kind, self.place.year).title
        return self.text.title

    @cached_property
    def committee(self) -> Colegiado:
        return COLEGIADOS[self.index % len(COLEGIADOS)]

    @cached_property
    def rapporteur(self) -> Person:
        return SeededRandom(self.nation.seed, "senado", self.index, "rapporteur").pick(senators())

    @cached_property
    def authors(self) -> tuple[Person, ...]:
        """The senators who signed; empty where a house or the President is the author."""
        if self.is_review or self.place.kind in ("MPV", "MSF", "OFS", "AVS"):
            return ()
        rng = SeededRandom(self.nation.seed, "senado", self.index, "authors")
        count = 27 if self.place.kind == "PEC" else 1 + (rng.below(3) if rng.chance(0.2) else 0)
        first = rng.below(81)
        return tuple(senators()[(first + number) % 81] for number in range(count))

    @cached_property
    def author_text(self) -> str:
        if self.authors:
            return ", ".join(
                f"Senador{'a' if person.female else ''} {person.name} ({person.party}/{person.state})"
                for person in self.authors
            )
        return "Câmara dos Deputados" if self.is_review else "Presidência da República"

    @cached_property
    def step_names(self) -> tuple[str, ...]:
        steps = PATHS[self.nation.senado.path(self.index)]
        return (*steps, *(change.step for change in self.changes))

    def _registered_at(self, number: int) -> datetime:
        based = len(self.step_names) - len(self.changes)
        if number >= based:
            return self.changes[number - based].at.replace(microsecond=0)
        if number == 0:
            return self.presented
        last = datetime.fromordinal(self.nation.senado.base_last_day(self.index))
        remaining = based - 1 - number
        if remaining < _LAST_TOGETHER:
            at = last + timedelta(
                hours=9 + self.index % 9 - remaining, minutes=self.index * 7 % 60, seconds=self.index * 13 % 60
            )
        else:
            share = number / (based - 1)
            at = self.presented + timedelta(days=int((last - self.presented).days * share), minutes=number)
        return max(at, self.presented + timedelta(minutes=number))

    def informe(self, number: int) -> Informe:
        name = self.step_names[number]
        step = STEPS[name]
        at = self._registered_at(number)
        situation = step.situation
        if self.odd == 7 and number == len(self.step_names) - 1:
            situation = UNKNOWN
        text = step.text.format(
            tipo=self.kind.description,
            numero=self.number_text,
            ano=self.identity.year,
            comissao=self.committee.acronym,
            relator=self.rapporteur.name,
            dia=at.strftime("%d/%m/%Y"),
            n=1 + self.index % 900,
            votos=SAMPLE_TOTALS,
            lei=self.law_number(at),
        )
        return Informe(number, at, name, step, situation, PLENARY if step.plenary else self.committee, text)

    def law_number(self, at: datetime) -> str:
        """The number of the law that this bill became at the time `at`."""
        return f"{10 + at.year % 10}.{self.index % 1000:03d}"

    @cached_property
    def history(self) -> list[Informe]:
        return [self.informe(number) for number in range(len(self.step_names))]

    @cached_property
    def current(self) -> tuple[Situation | None, datetime]:
        """The present situation, and the time when it began."""
        for number in range(len(self.step_names) - 1, -1, -1):
            informe = self.informe(number)
            if informe.situation is not None:
                return informe.situation, informe.at
        return None, self.presented

    @cached_property
    def in_progress(self) -> bool:
        for name in reversed(self.step_names):
            if STEPS[name].situation is not None:
                return not STEPS[name].closes
        return True

    def taken(self, *names: str) -> Informe | None:
        """The last of these steps that the bill took; None where it took none of them."""
        for number in range(len(self.step_names) - 1, -1, -1):
            if self.step_names[number] in names:
                return self.informe(number)
        return None
