"""Input and output of the bill writer: observations, dead letters, outcomes."""

from dataclasses import dataclass

from legis.domain.change_kind import ChangeKind
from legis.domain.vocabulary import Source
from legis.domain.word_enum import Word
from legis.events import BillObserved, WindowRef


@dataclass(frozen=True, slots=True)
class ObservedItem:
    """An observation, with its original bytes (for a dead letter) and its trace id."""

    event: BillObserved
    payload: bytes = b""
    trace_id: str | None = None


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """An event or record that cannot be stored as a bill. It is kept whole, and counts as a handled item of `window`,
    if known.
    """

    source: str
    stage: str
    error: str
    payload: bytes
    upstream_id: str | None = None
    url: str | None = None
    trace_id: str | None = None
    window: WindowRef | None = None
    replay_of: int | None = None
    """Id of the dead letter whose replay failed: no new row is made, the old one has one more try."""


class Outcome(Word):
    """The outcome of an observation."""

    INSERTED = "inserted"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    STALE = "stale"
    PENDING = "pending"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class ItemResult:
    """`remember`: the reading is marked as stored, so ingest need not publish it again."""

    outcome: Outcome
    remember: bool


@dataclass(frozen=True, slots=True)
class ChangeMade:
    """One entry that was added to the change log."""

    source: Source
    kind: ChangeKind


@dataclass(frozen=True, slots=True)
class BatchResult:
    """One result per observation, in the order given, and the changes in the order of their `seq`."""

    results: tuple[ItemResult, ...]
    changes: tuple[ChangeMade, ...]
    ended: frozenset[str] = frozenset()
    """Windows of these items whose end was stored before: they may be complete now."""

    def __add__(self, other: "BatchResult") -> "BatchResult":
        return BatchResult(self.results + other.results, self.changes + other.changes, self.ended | other.ended)

    @property
    def visible(self) -> bool:
        """Whether readers can see a difference. A new link or quality flag is visible without a logged change."""
        return bool(self.changes) or any(result.outcome is Outcome.UPDATED for result in self.results)
