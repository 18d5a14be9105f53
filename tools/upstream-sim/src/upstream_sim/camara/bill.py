"""One bill as the Câmara shows it at one revision: identity, title, history, authors; independent of any format."""

from datetime import datetime, timedelta
from functools import cached_property
from typing import Final, NamedTuple

from upstream_sim.camara.steps import (
    FILLERS,
    FINAL_SITUATION,
    OLD_STYLE_UNTIL,
    PATHS,
    STALE_LAW,
    STEPS,
    UNKNOWN_SITUATION,
    Situation,
    Step,
)
from upstream_sim.congress.house import Change
from upstream_sim.congress.kinds import CAMARA_KINDS, CamaraKind
from upstream_sim.congress.life import Path
from upstream_sim.congress.nation import Nation
from upstream_sim.congress.pairs import Identity, PairKind
from upstream_sim.congress.people import BODIES, COMMITTEES, Body, Person, deputies
from upstream_sim.congress.seeded_random import SeededRandom
from upstream_sim.congress.texts import Text, compose

NEW_TITLE: Final = "\r\n\r\nNOVA EMENTA: "
_LAST_TOGETHER: Final = 3


class Action(NamedTuple):
    """One tramitação. `at` is its time of registration; `shown_at` its time in the API, which oddities may change."""

    at: datetime
    shown_at: datetime
    sequence: int | None
    step_name: str
    step: Step
    situation: Situation
    body: Body
    text: str
    document: int | None


class Oddities(NamedTuple):
    """The deviations of this bill from regular data, as found in recorded responses."""

    new_title: bool = False
    empty_title: bool = False
    dotted_regime: bool = False
    future: bool = False
    backdated: bool = False
    null_sequence: bool = False
    padded: bool = False
    extra_key: bool = False
    unknown_situation: bool = False
    unknown_step: bool = False
    no_consideration: bool = False
    stale_law: bool = False
    gap: int = 0


class CamaraBill:
    """A bill of the Câmara at one revision, computed on demand; `revision` None means the newest."""

    def __init__(self, nation: Nation, index: int, revision: int | None = None) -> None:
        self.nation, self.index = nation, index
        self.id = nation.camara.id_of(index)
        self.place = nation.camara.place(index)
        self.kind: CamaraKind = CAMARA_KINDS[self.place.kind]
        self._revision = revision

    @cached_property
    def identity(self) -> Identity:
        return self.nation.identity("camara", self.index, self._revision)

    @cached_property
    def changes(self) -> list[Change]:
        return self.nation.camara.changes_of(self.index)[: self._revision]

    @cached_property
    def odd(self) -> Oddities:
        if not self.nation.scenario.oddities:
            return Oddities()
        rng = SeededRandom(self.nation.seed, "camara", self.index, "odd")
        old = self.place.year < 2001
        return Oddities(
            new_title=self.kind.law and not old and rng.chance(0.12),
            empty_title=rng.chance(0.01 if old else 0.001),
            dotted_regime=rng.chance(0.02),
            future=rng.chance(0.006),
            backdated=rng.chance(0.015),
            null_sequence=rng.chance(0.004),
            padded=rng.chance(0.003),
            extra_key=rng.chance(0.005),
            unknown_situation=rng.chance(0.002),
            unknown_step=rng.chance(0.003),
            no_consideration=rng.chance(0.01),
            stale_law=rng.chance(0.05),
            gap=rng.below(4),
        )

    @cached_property
    def presented(self) -> datetime:
        """Time of presentation; old records have only the day."""
        made = self.nation.camara.made_since(self.index)
        if made is not None:
            return made.at.replace(second=0, microsecond=0)
        day = datetime.fromordinal(self.nation.camara.presented_day(self.index))
        if self.place.year < 2001 and self.index % 4:
            return day
        return day + timedelta(hours=9 + self.index % 10, minutes=self.index * 7 % 60)

    @cached_property
    def text(self) -> Text:
        key = self.nation.text_key("camara", self.index)
        pair = self.nation.pairs.of_camara.get(self.index)
        year = self.place.year if pair is None else pair.origin.year
        return compose(self.nation.seed, key, self.place.kind, year)

    @cached_property
    def title(self) -> str:
        """The ementa in the form of the detail, with line breaks."""
        if self.odd.empty_title:
            return ""
        title = self.text.title
        if self.odd.new_title:
            title = f"{title}{NEW_TITLE}{self._other_title('base')}"
        for number, change in enumerate(self.changes):
            if change.new_title:
                title = f"{self.text.title}{NEW_TITLE}{self._other_title(number)}"
        return title

    def _other_title(self, which: int | str) -> str:
        return compose(self.nation.seed, ("camara", self.index, "title", which), self.place.kind, self.place.year).title

    @cached_property
    def listed_title(self) -> str:
        """The ementa in the form of lists, with blanks instead of line breaks."""
        return self.title.replace("\r\n", " ").replace("\n", " ")

    @cached_property
    def from_senado(self) -> bool:
        pair = self.nation.pairs.of_camara.get(self.index)
        return pair is not None and pair.kind is PairKind.FROM_SENADO

    @cached_property
    def committee(self) -> Body:
        return BODIES[COMMITTEES[self.text.themes[0].code % len(COMMITTEES)]]

    @cached_property
    def rapporteur(self) -> Person:
        return SeededRandom(self.nation.seed, "camara", self.index, "rapporteur").pick(deputies())

    @cached_property
    def authors(self) -> tuple[Person, ...]:
        """The deputies who signed, in order of signing; empty where a body is the author."""
        if self.from_senado or self.place.kind in ("MSC", "MPV"):
            return ()
        rng = SeededRandom(self.nation.seed, "camara", self.index, "authors")
        if self.kind.law and rng.chance(0.07):
            return ()
        count = 171 if self.place.kind == "PEC" and rng.chance(0.1) else 1 + (rng.below(4) if rng.chance(0.2) else 0)
        first = rng.below(513)
        return tuple(deputies()[(first + number * 17) % 513] for number in range(count))

    @cached_property
    def author_name(self) -> str:
        if self.authors:
            person = self.authors[0]
            return f"Deputad{'a' if person.female else 'o'} {person.name} ({person.party}/{person.state})"
        return "Senado Federal" if self.from_senado else "Poder Executivo"

    @cached_property
    def principal(self) -> int | None:
        """Index of the bill to which this one is attached or accessory, among the bills of its cycle."""
        house = self.nation.camara
        if self.index >= house.corpus.total or self.place.kind == "R.C":
            return None
        attached = self.kind.law and house.path(self.index) is Path.ATTACHED
        if self.kind.law and not attached:
            return None
        laws = self.nation.laws_near(self.index)
        if not self.kind.law:
            return laws[self.place.slot % len(laws)] if laws else None
        rank = laws.index(self.index) if self.index in laws else 0
        return laws[rank - 1] if rank else None

    @cached_property
    def related(self) -> list[int]:
        """Indices of the bills that are attached or accessory to this one."""
        if self.index >= self.nation.camara.corpus.total or not self.kind.law:
            return []
        near = self.nation.camara.corpus.cycle_of(self.index)
        return [
            other
            for other in near
            if other != self.index
            and not self.nation.camara.is_deleted(other)
            and CamaraBill(self.nation, other).principal == self.index
        ]

    @cached_property
    def step_names(self) -> tuple[str, ...]:
        """The steps taken up to this revision."""
        path = self.nation.camara.path(self.index)
        steps = PATHS[path]
        rng = SeededRandom(self.nation.seed, "camara", self.index, "steps")
        if self.place.year < OLD_STYLE_UNTIL and rng.chance(0.8) and len(steps) > 1:
            steps = (steps[0], "antiga")
        elif len(steps) > 2:
            fillers = tuple(rng.pick(FILLERS) for _ in range(rng.below(4)))
            steps = (*steps[:2], *fillers, *steps[2:])
            if self.odd.unknown_step:
                steps = (*steps, "codigo_novo")
        return (*steps, *(change.step for change in self.changes))

    @cached_property
    def last_action(self) -> Action:
        return self.action(len(self.step_names) - 1)

    @property
    def history(self) -> list[Action]:
        return [self.action(number) for number in range(len(self.step_names))]

    def _situation(self, number: int) -> Situation:
        if self.odd.unknown_situation:
            return UNKNOWN_SITUATION
        for back in range(number, -1, -1):
            name = self.step_names[back]
            if name == "antiga":
                found = FINAL_SITUATION[self.nation.camara.path(self.index)]
            elif name == "norma" and self.odd.stale_law:
                found = STALE_LAW
            else:
                found = STEPS[name].situation
            if found is not None:
                return found
        return Situation(None, None)

    def _registered_at(self, number: int) -> datetime:
        based = len(self.step_names) - len(self.changes)
        if number >= based:
            return self.changes[number - based].at.replace(microsecond=0)
        if number == 0:
            return self.presented
        last = datetime.fromordinal(self.nation.camara.base_last_day(self.index))
        remaining = based - 1 - number
        if remaining < _LAST_TOGETHER:
            at = last + timedelta(hours=18 - remaining, minutes=self.index % 60)
        else:
            share = number / (based - 1)
            at = self.presented + timedelta(days=int((last - self.presented).days * share), minutes=number)
        return max(at, self.presented + timedelta(minutes=number))

    def action(self, number: int) -> Action:
        """The n-th step, counted from 0."""
        name = self.step_names[number]
        step = STEPS[name]
        at = self._registered_at(number)
        last = number == len(self.step_names) - 1 - len(self.changes)
        shown = at.replace(hour=0, minute=0) if step.day_only else at
        if last and number and self.odd.future:
            shown = at + timedelta(days=300)
        elif last and number and self.odd.backdated:
            shown = at - timedelta(days=40)
        sequence = 1 + number + number * self.odd.gap // 3
        lost = self.odd.null_sequence and 0 < number < len(self.step_names) - 1
        body = BODIES[step.body] if step.body else self.committee
        document = None if (self.index + number) % 5 < 3 and number else 1_000_000 + self.index * 11 + number
        text = self._despacho(step, at, number)
        return Action(at, shown, None if lost else sequence, name, step, self._situation(number), body, text, document)

    def _despacho(self, step: Step, at: datetime, number: int) -> str:
        deputy = self.rapporteur
        kind, bill_number, year = self.identity
        return step.text.format(
            sigla=kind,
            numero=bill_number,
            ano=year,
            tipo=self.kind.description,
            autor=self.author_name,
            ementa=self.text.title,
            comissao=self.committee.name.removeprefix("Comissão de "),
            sigla_comissao=self.committee.acronym,
            relator=f"{deputy.name} ({deputy.party}-{deputy.state})",
            dia=at.strftime("%d/%m/%y"),
            n=1 + (self.index * 31 + number * 7) % 4000,
            lei=f"{10 + at.year % 10}.{self.index % 1000:03d}",
            ano_passo=at.year,
        )
