"""What will happen in one run and when: a function of the seed alone."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

SOURCES: Final = ("camara", "senado")
KILLED: Final = (
    "worker-1",
    "worker-2",
    "web",
    "indexer",
    "ingest-camara",
    "ingest-senado",
    "redis",
    "notifier",
    "exporter",
)
STOPPED: Final = ("worker-1", "worker-2", "indexer", "ingest-camara", "ingest-senado", "redis", "notifier")
WEIGHTS: Final = {
    "kill": 24,
    "sigstop": 10,
    "flushall": 6,
    "drop_group": 3,
    "lose_in_flight": 6,
    "postgres_crash": 4,
    "upstream": 25,
    "poison": 4,
    "delete": 2,
    "bad_message": 2,
    "remove": 2,
    "rerender": 3,
    "index": 9,
    "hollow": 8,
}
"""How often each kind comes, against the others."""

ONCE: Final = ("restore", "failover")
"""Kinds of which a run has one at most: the database becomes an older one. Of three seeds one has neither."""

INDEX_HARMS: Final = ("delete", "segment", "truncate", "flip", "full", "kill_in_build", "swap_kill")

HOLLOW: Final = {
    "camara": ("authors", "subjects", "actions", "related", "votings", "votes", "agenda"),
    "senado": ("authors", "subjects", "actions", "related", "votings", "votes", "rapporteurs"),
}
"""Lists that belong to bills, votings and events, as the simulator names them.
Of the Senado those of two are resources of their own."""

APART_SECONDS: Final = 15.0
"""Time between two faults that make the same list shorter: longer than a list that was read shorter is in doubt here,
which is LIST_SETTLE_SECONDS and the wait for its turn. In earnest it is ten minutes; longer outages are the twin's.
"""

OF_THEIR_OWN: Final = ("votings", "rapporteurs")
AGENDA_DEEDS: Final = {"announce": 3, "reschedule": 3, "cancel": 1, "drop": 2, "put": 2}
"""What happens to meetings, and how often against the others."""

Order = tuple[str, dict[str, Any]]
UPSTREAM: Final[tuple[Order, ...]] = (
    ("503", {"seconds": 1.2, "rate": 1}),
    ("503", {"seconds": 2.0, "rate": 0.3}),
    ("500", {"seconds": 1.5, "rate": 0.4}),
    ("504", {"count": 4}),
    ("429", {"count": 2, "value": 1}),
    ("waf403", {"count": 1}),
    ("truncated", {"count": 4}),
    ("half_body", {"count": 4}),
    ("empty200", {"count": 4}),
    ("html200", {"count": 3}),
    ("reset", {"count": 6}),
    ("hang", {"count": 2, "value": 3}),
    ("latency", {"seconds": 2.0, "rate": 0.5, "value": 0.4}),
    ("stale", {"seconds": 1.5, "rate": 0.5}),
    ("moving_pages", {"seconds": 2.0, "rate": 1}),
    ("gzip_bomb", {"count": 1, "value": 16}),
    ("status", {"count": 2, "value": 400}),
    ("status", {"count": 1, "value": 403}),
    ("status", {"count": 12, "value": 403}),
    ("status", {"count": 2, "value": 404, "match": "/arquivos/"}),
    ("redirect", {"count": 2}),
    ("slow_first_byte", {"count": 2, "value": 1}),
)
SKEWS: Final = (0.0, 0.0, 45.0, -45.0, 3 * 3600.0, -20 * 3600.0)
"""Seconds that the chambers' clock is ahead of ours; by the last two even the day may be another."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong `at` seconds after the start."""

    at: float
    kind: str
    target: str
    detail: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        told = " ".join(f"{key}={value}" for key, value in self.detail.items())
        return f"{self.at:6.2f} s  {self.kind:<14} {self.target} {told}".rstrip()


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that Congress does: `change` number `pick` of the bills that move, `create` one, or what
    `AGENDA_DEEDS` names with meeting or bill number `pick`."""

    at: float
    kind: str
    source: str
    pick: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole run. Faults come one every 0.7 s; bills move about five times a second, meetings every other second."""

    seed: int
    duration: float
    skew: float
    faults: tuple[Fault, ...]
    deeds: tuple[Deed, ...]


Allowed = Mapping[str, frozenset[str]]
"""Of some kinds of fault, the only targets, orders, ways or variants that may be drawn."""


def make_plan(seed: int, duration: float, *, gap: float = 0.7, only: tuple[str, ...] = ()) -> Plan:
    """The plan of a seed. `only` keeps these kinds alone, for a mutant that needs one of them often; a colon narrows it
    further: `upstream:stale`, `kill:redis`, `lose_in_flight:flushall`.
    """
    dice = random.Random(f"faults {seed}")
    allowed = _allowed(only)
    kinds = [kind for kind in WEIGHTS if not only or kind in allowed]
    faults = list(_once(random.Random(f"once {seed}"), seed, duration, allowed if only else None))
    at = 0.3
    while kinds and at < duration:
        kind = dice.choices(kinds, [WEIGHTS[kind] for kind in kinds])[0]
        faults.append(_fault(dice, at, kind, allowed))
        at += dice.uniform(gap * 0.5, gap * 1.5)
    faults = _apart(sorted(faults, key=lambda fault: fault.at))
    skew = random.Random(f"skew {seed}").choice(SKEWS)
    return Plan(seed, duration, skew, tuple(faults), (*_deeds(seed, duration), *_agenda_deeds(seed, duration)))


def _apart(faults: Sequence[Fault]) -> list[Fault]:
    """The faults without those that would confirm an earlier one: a list that is shorter twice is believed."""
    kept: list[Fault] = []
    for fault in faults:
        recent = [other for other in kept if fault.at - other.at < APART_SECONDS]
        if not any(_shortened(fault) & _shortened(other) for other in recent):
            kept.append(fault)
    return kept


def _shortened(fault: Fault) -> frozenset[tuple[str, str]]:
    """Houses and lists that the fault makes shorter; a replica that is behind lacks the newest action."""
    if fault.kind == "hollow":
        return frozenset({(fault.target, fault.detail["value"])})
    if fault.detail.get("kind") != "stale":
        return frozenset()
    return frozenset((source, "actions") for source in SOURCES if fault.target in (source, "all"))


def _once(dice: random.Random, seed: int, duration: float, allowed: Allowed | None) -> Iterator[Fault]:
    """The one fault that makes the database an older one, in the middle of the run, where the seed has it."""
    if allowed is None:
        kinds = [ONCE[seed % 3]] if seed % 3 < len(ONCE) else []
    else:
        kinds = [kind for kind in ONCE if kind in allowed]
    for kind in kinds[:1]:
        ways = ("old", "blind", "same") if kind == "restore" else ("old", "blind")
        few = (allowed or {}).get(kind) or frozenset(ways)
        how = dice.choice([way for way in ways if way in few])
        at = round(duration * dice.uniform(0.3, 0.5), 3)
        yield Fault(at, kind, "postgres", {"how": how, "seconds": round(dice.uniform(1.5, 3), 2)})


def _allowed(only: tuple[str, ...]) -> Allowed:
    kinds = {word.partition(":")[0] for word in only}
    return {kind: frozenset(word.partition(":")[2] for word in only if word.startswith(f"{kind}:")) for kind in kinds}


def _fault(dice: random.Random, at: float, kind: str, allowed: Allowed) -> Fault:
    at = round(at, 3)
    source = dice.choice(SOURCES)
    few = allowed.get(kind) or frozenset()

    def pick(names: Sequence[str]) -> str:
        return dice.choice([name for name in names if not few or name in few])

    if kind == "kill":
        return Fault(at, kind, pick(KILLED), {"back_after": round(dice.uniform(0.05, 0.6), 2)})
    if kind == "sigstop":
        return Fault(at, kind, pick(STOPPED), {"seconds": round(dice.uniform(1, 4), 2)})
    if kind == "lose_in_flight":
        how = pick(("flushall", "kill"))
        return Fault(at, kind, "workers", {"seconds": round(dice.uniform(0.8, 1.5), 2), "how": how})
    if kind == "postgres_crash":
        return Fault(at, kind, "postgres", {"back_after": round(dice.uniform(0.2, 1.2), 2)})
    if kind == "upstream":
        name, order = dice.choice([order for order in UPSTREAM if not few or order[0] in few])
        return Fault(at, kind, dice.choice((*SOURCES, "all")), {"kind": name, **order})
    if kind == "index":
        return Fault(at, kind, "indexer", {"how": pick(INDEX_HARMS), "pick": dice.randrange(1000),
                                           "seconds": round(dice.uniform(0.05, 0.6), 2)})  # fmt: skip
    if kind in ("remove", "rerender"):
        return Fault(at, kind, "postgres", {"pick": dice.randrange(1000)})
    of_house = {"poison": lambda: {"variant": pick(("types", "bytes"))}, "delete": dict,
                "hollow": lambda: _hollow(dice, source)}  # fmt: skip
    if kind in of_house:
        return Fault(at, kind, source, of_house[kind]())
    return Fault(at, kind, "redis")


def _hollow(dice: random.Random, source: str) -> dict[str, Any]:
    name = dice.choice(HOLLOW[source])
    within = source == "senado" and name not in OF_THEIR_OWN
    how = dice.choice(("list_empty", "list_short") if within else ("list_404", "list_empty", "list_short"))
    return {"kind": how, "value": name, "seconds": round(dice.uniform(1, 2.5), 2)}


def _deeds(seed: int, duration: float) -> tuple[Deed, ...]:
    dice = random.Random(f"deeds {seed}")
    deeds: list[Deed] = []
    at = 0.1
    while at < duration:
        source = dice.choice(SOURCES)
        # half of all changes meet the same few bills, so that two readings of one bill are often under way at once
        pick = dice.randrange(4) if dice.random() < 0.5 else dice.randrange(4, 24)
        kind = "create" if dice.random() < 0.06 else "change"
        deeds.append(Deed(round(at, 3), kind, source, pick))
        at += dice.uniform(0.1, 0.3)
    return tuple(deeds)


def _agenda_deeds(seed: int, duration: float) -> tuple[Deed, ...]:
    dice = random.Random(f"agenda {seed}")
    deeds: list[Deed] = []
    at = 0.5
    while at < duration:
        (kind,) = dice.choices(list(AGENDA_DEEDS), list(AGENDA_DEEDS.values()))
        deeds.append(Deed(round(at, 3), kind, dice.choice(SOURCES), dice.randrange(1000)))
        at += dice.uniform(1.0, 3.0)
    return tuple(deeds)
