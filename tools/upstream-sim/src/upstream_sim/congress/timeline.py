"""Changes bills as simulated time passes, in the same way for the same seed."""

from datetime import datetime, timedelta
from typing import Any, Final

from upstream_sim.congress.house import Change
from upstream_sim.congress.nation import NEW_KINDS, Nation
from upstream_sim.congress.seeded_random import SeededRandom

_STEPS: Final = {
    "camara": (
        "recebimento",
        "relator",
        "parecer",
        "parecer_aprovado",
        "requerimento",
        "notificacoes",
        "urgencia",
        "pauta",
        "plenario",
        "remessa",
        "arquivamento",
        "desarquivamento",
        "norma",
        "apensacao",
        "sem_situacao",
    ),
    "senado": (
        "relator",
        "devolvida",
        "pauta",
        "parecer",
        "ordem_do_dia",
        "aprovada",
        "remessa",
        "arquivada",
        "despacho",
        "leitura",
        "norma",
        "vista",
    ),
}
_OUTSIDE_SERIES: Final = 60_000
_NO_EFFECT: Final = 100


class Timeline:
    """Changes a given number of bills in each simulated minute; applied lazily, at the next request."""

    def __init__(self, nation: Nation) -> None:
        self._nation = nation
        self._per_second = nation.scenario.changes_per_minute / 60
        self._done = 0
        self._idle = 0.0
        self._frozen_at: float | None = None

    @property
    def frozen(self) -> bool:
        return self._frozen_at is not None

    def freeze(self, frozen: bool) -> None:
        """Stops or resumes automatic changes; changes due while frozen are not applied later."""
        self.catch_up()
        now = self._nation.clock.elapsed()
        if frozen and self._frozen_at is None:
            self._frozen_at = now
        elif not frozen and self._frozen_at is not None:
            self._idle += now - self._frozen_at
            self._frozen_at = None

    def catch_up(self) -> None:
        """Applies every change that is due by now."""
        if not self._per_second or self._frozen_at is not None:
            return
        due = int((self._nation.clock.elapsed() - self._idle) * self._per_second)
        while self._done < due:
            self._done += 1
            at = self._nation.clock.started_at + timedelta(seconds=self._idle + self._done / self._per_second)
            self._event(self._done, at)

    def _event(self, number: int, at: datetime) -> None:
        rng = SeededRandom(self._nation.seed, "event", number)
        source = "camara" if rng.chance(0.7) else "senado"
        if rng.chance(0.05):
            self._nation.create(source, rng.pick(NEW_KINDS), at)
            return
        house = self._nation.house(source)
        share = rng.below(1 << 20) / (1 << 20)
        index = house.size - 1 - int(house.size * share * share * share)
        if not house.is_deleted(index):
            self.touch(source, index, at)

    def touch(self, source: str, index: int, at: datetime, step: str | None = None) -> dict[str, Any]:
        """Changes one bill by the step of that name, or a random one; returns a description of the change."""
        nation, house = self._nation, self._nation.house(source)
        rng = SeededRandom(nation.seed, source, index, "change", house.revision(index))
        drawn, effect = rng.pick(_STEPS[source]), rng.below(100)
        if step is not None and step not in _STEPS[source]:
            raise ValueError(f"unknown step {step!r}: {_STEPS[source]}")
        if step is not None:
            effect = _NO_EFFECT
        step = step or drawn
        law = house.place(index).kind in ("PL", "PLP")
        if effect < 6:
            change = Change(at, step, new_title=True)
        elif effect < 9 and law and source == "camara":
            kind = house.place(index).kind
            change = Change(
                at, "renumeracao", number=_OUTSIDE_SERIES + nation.free_number(source, kind, at.year), year=at.year
            )
        else:
            change = Change(at, step)
        nation.record(source, index, change)
        return {
            "source": source,
            "id": house.id_of(index),
            "revision": house.revision(index),
            "step": change.step,
            "new_title": change.new_title,
            "renumbered": change.number is not None,
            "at": at.isoformat(),
        }

    def pick_active(self, source: str) -> int:
        """Index of a recent bill that still exists, a different one each time."""
        house = self._nation.house(source)
        for attempt in range(1000):
            rng = SeededRandom(self._nation.seed, source, "pick", house.changes, attempt)
            index = house.size - 1 - rng.below(min(house.size, 200))
            if not house.is_deleted(index):
                return index
        raise LookupError(f"no bill left in {source}")
