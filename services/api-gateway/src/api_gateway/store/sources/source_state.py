"""The rule for the state of a source: FRESH, or why not. A test compares it with the table in `docs/data-flow.md`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from legis.domain.vocabulary import Source
from legis.domain.word_enum import Word
from legis.events import ServiceState, Walk

from api_gateway.store.sources.record_freshness import KindFreshness, record_freshness
from api_gateway.store.sources.source_status import StoreStatus


class SourceState(Word):
    """The state of a source. FRESH: everything that the source returned until its last success is stored."""

    FRESH = "FRESH"
    PARTIAL = "PARTIAL"
    STALE = "STALE"
    BLOCKED = "BLOCKED"
    UNKNOWN = "UNKNOWN"


class Shortfall(Word):
    """Why a source is not FRESH."""

    BLOCKED = "BLOCKED"
    CIRCUIT_OPEN = "CIRCUIT_OPEN"
    NEVER_READ = "NEVER_READ"
    STORE_AWAY = "STORE_AWAY"
    BEHIND_GOAL = "BEHIND_GOAL"
    INGEST_SILENT = "INGEST_SILENT"
    WALK_BEHIND = "WALK_BEHIND"
    RECORDS_BEHIND = "RECORDS_BEHIND"
    BACKFILL_RUNNING = "BACKFILL_RUNNING"
    YEARS_NOT_READ = "YEARS_NOT_READ"
    RECORDS_SET_ASIDE = "RECORDS_SET_ASIDE"


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that is known about one source. `goal` is in seconds; `away` means that the store does not answer."""

    source: Source
    status: StoreStatus | None
    service: ServiceState | None
    away: bool
    goal: float
    now: datetime

    @property
    def last_success_at(self) -> datetime | None:
        """Time of the last complete incremental walk."""
        checkpoints = self.status.checkpoints[self.source] if self.status else ()
        return next((c.updated_at for c in checkpoints if c.walk is Walk.INCREMENTAL), None)

    @property
    def lag(self) -> int | None:
        """Seconds since the last success, or None without one."""
        success = self.last_success_at
        return None if success is None else max(0, int((self.now - success).total_seconds()))

    @property
    def record_kinds(self) -> tuple[KindFreshness, ...]:
        """How far legislators, organizations, votings and events are read."""
        checkpoints = self.status.checkpoints[self.source] if self.status else ()
        running = [progress.walk for progress in self.service.progress] if self.service else []
        return tuple(record_freshness(checkpoints, running, self.goal, self.now))


@dataclass(frozen=True, slots=True)
class StateReason:
    """One reason, with a detail for people."""

    code: Shortfall
    detail: str


@dataclass(frozen=True, slots=True)
class Assessment:
    """The state of a source with all reasons for it, the most serious first; without reasons if it is FRESH."""

    state: SourceState
    reasons: tuple[StateReason, ...] = ()

    @property
    def codes(self) -> tuple[str, ...]:
        """The reasons without their details, which change all the time."""
        return tuple(reason.code.value for reason in self.reasons)


@dataclass(frozen=True, slots=True)
class StateRule:
    """One row of the rule. `met` returns the detail if the shortfall applies, else None."""

    code: Shortfall
    state: SourceState
    met: Callable[[Evidence], str | None]


def assess(evidence: Evidence) -> Assessment:
    """The state of the first rule that applies, with the reasons of all rules that apply."""
    met = [(rule, detail) for rule in RULES if (detail := rule.met(evidence)) is not None]
    if not met:
        return Assessment(SourceState.FRESH)
    return Assessment(met[0][0].state, tuple(StateReason(rule.code, detail) for rule, detail in met))


def _blocked(e: Evidence) -> str | None:
    if e.service is None or e.service.blocked_until is None:
        return None
    return f"until {e.service.blocked_until:%Y-%m-%dT%H:%M:%SZ}: {e.service.blocked_reason or 'refused'}"


def _circuit_open(e: Evidence) -> str | None:
    return "requests are held back" if e.service is not None and e.service.breaker.state == "open" else None


def _never_read(e: Evidence) -> str | None:
    return "no look at what changed has been stored yet" if e.lag is None else None


def _store_away(e: Evidence) -> str | None:
    return "nobody can tell what has been read since" if e.away and e.lag is not None else None


def _behind_goal(e: Evidence) -> str | None:
    return f"{e.lag} s, the goal is {e.goal:g} s" if e.lag is not None and e.lag > e.goal else None


def _ingest_silent(e: Evidence) -> str | None:
    silent = e.service is None or not e.service.backfill_known
    return "its ingest service says nothing: how far it has come is not known" if silent else None


def _walk_behind(e: Evidence) -> str | None:
    walks = e.service.progress if e.service else ()
    failing = [f"{progress.walk}: {progress.failing}" for progress in walks if progress.failing]
    return "; ".join(failing)[:500] or None


def _records_behind(e: Evidence) -> str | None:
    if e.status is None:
        return None
    behind = [one for one in e.record_kinds if one.is_behind]
    times = [f"{one.complete_at:%Y-%m-%dT%H:%M:%SZ}" if one.complete_at else "never" for one in behind]
    return "; ".join(f"{one.kind} ({one.walk}): {at}" for one, at in zip(behind, times, strict=True)) or None


def _backfill_running(e: Evidence) -> str | None:
    left = e.service.backfill if e.service else None
    if left is None:
        return None
    return f"years left: {left.years}" + ("" if left.seconds is None else f", about {_duration(left.seconds)}")


def _years_not_read(e: Evidence) -> str | None:
    years = e.status.years_not_read.get(e.source, ()) if e.status else ()
    return ", ".join(map(str, years)) or None


def _records_set_aside(e: Evidence) -> str | None:
    count = e.status.dead_letters[e.source] if e.status else 0
    return str(count) if count else None


def _duration(seconds: int) -> str:
    if seconds < 120:
        return f"{seconds} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"


RULES = (
    StateRule(Shortfall.BLOCKED, SourceState.BLOCKED, _blocked),
    StateRule(Shortfall.CIRCUIT_OPEN, SourceState.STALE, _circuit_open),
    StateRule(Shortfall.NEVER_READ, SourceState.UNKNOWN, _never_read),
    StateRule(Shortfall.STORE_AWAY, SourceState.STALE, _store_away),
    StateRule(Shortfall.BEHIND_GOAL, SourceState.STALE, _behind_goal),
    StateRule(Shortfall.INGEST_SILENT, SourceState.PARTIAL, _ingest_silent),
    StateRule(Shortfall.WALK_BEHIND, SourceState.PARTIAL, _walk_behind),
    StateRule(Shortfall.RECORDS_BEHIND, SourceState.PARTIAL, _records_behind),
    StateRule(Shortfall.BACKFILL_RUNNING, SourceState.PARTIAL, _backfill_running),
    StateRule(Shortfall.YEARS_NOT_READ, SourceState.PARTIAL, _years_not_read),
    StateRule(Shortfall.RECORDS_SET_ASIDE, SourceState.PARTIAL, _records_set_aside),
)
"""Most serious first."""
