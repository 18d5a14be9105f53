"""What goes into the writer and what comes out: observations, dead letters, outcomes."""

from dataclasses import dataclass

from legis.domain.change_kind import ChangeKind
from legis.domain.vocabulary import Source
from legis.domain.word_enum import Word
from legis.events import BillObserved, WindowRef


@dataclass(frozen=True, slots=True)
class ObservedItem:
    """An observation, with the bytes it came as (for a dead letter) and the trace it belongs to."""

    event: BillObserved
    payload: bytes = b""
    trace_id: str | None = None


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """Something that cannot be stored as a bill and is kept whole. `window` counts it as handled, where known."""

    source: str
    stage: str
    error: str
    payload: bytes
    upstream_id: str | None = None
    url: str | None = None
    trace_id: str | None = None
    window: WindowRef | None = None
    replay_of: int | None = None
    """Id of the dead letter that this is a failed replay of: it stays one letter, with one try more."""


class Outcome(Word):
    """What became of an observation."""

    INSERTED = "inserted"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    STALE = "stale"
    PENDING = "pending"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class ItemResult:
    """`remember`: ingest need not publish the same reading again."""

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
    """Windows of these items whose end was known when they were committed: they may be complete now."""

    def __add__(self, other: "BatchResult") -> "BatchResult":
        return BatchResult(self.results + other.results, self.changes + other.changes, self.ended | other.ended)

    @property
    def visible(self) -> bool:
        """Whether a reader can see a difference; a link between records, or a warning, makes no change."""
        return bool(self.changes) or any(result.outcome is Outcome.UPDATED for result in self.results)
