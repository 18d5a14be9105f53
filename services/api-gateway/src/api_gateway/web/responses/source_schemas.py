"""Shapes of replies about sources: state, walks, history, days."""

import datetime
from typing import Literal

from legis.domain.records.record import RecordKind
from legis.domain.vocabulary import Source
from legis.events import Walk
from pydantic import AwareDatetime, Field

from api_gateway.documents.shapes import Shape, described
from api_gateway.store.sources.source_state import Shortfall, SourceState
from api_gateway.web.responses.envelopes import Freshness, Many, Meta

_ABOUT = "About the data, not of them"
_WALK = "Reason for which the source is read: what moved, the last days again, every year once, …"
_INSTANT = "2026-03-02T14:00:00Z"


class Breaker(Shape):
    """The circuit towards a chamber's API."""

    state: Literal["closed", "half_open", "open", "unknown"] = described("`open`: requests are held back", "closed")
    failures: int | None = described("Failed requests that are counted now", 0)
    opened_at: AwareDatetime | None = described("When it opened; null while it is not open", _INSTANT)
    reset_timeout: float | None = described("Seconds that it stays open", 30.0)


class Checkpoint(Shape):
    """One walk through a source, and how far it is stored."""

    walk: Walk = described(_WALK, "INCREMENTAL")
    position: int = described("Where it is on the scale of its walk", 1772460000)
    updated_at: AwareDatetime = described("When it came there", _INSTANT)


class Progress(Shape):
    """The window being read."""

    walk: Walk = described(_WALK, "BACKFILL")
    window: str | None = described("Name of the window; null between two", "2019")
    done: int = described("Records of the window that are stored", 1200)
    total: int | None = described("Records of the window; null until they are counted", 9000)
    failing: str | None = described("Why its last windows could not be finished; null while they can", "HTTP 503")


class RecordsStatus(Shape):
    """How far records of one kind other than bills are read."""

    kind: RecordKind = described("Kind of the records", "EVENT")
    walk: Walk = described("The walk that keeps them current", "AGENDA")
    complete_at: AwareDatetime | None = described("When that walk was last complete; null while it never was", _INSTANT)
    behind_since: AwareDatetime | None = described(
        "Since when they are older than they should be; null while current, and while never read whole",
        _INSTANT,
    )
    is_behind: bool = described("Whether they are older than they should be, or were never read whole", False)


class ReasonDetail(Shape):
    """One reason why a source is not FRESH."""

    code: Shortfall = described("The reason", "BACKFILL_RUNNING")
    detail: str = described("What there is to say of it, for people", "12 years left")


class BackfillProgress(Shape):
    """Years that the first reading of the whole corpus has left."""

    years: int = described("Years left", 12)
    seconds: int | None = described("Seconds left: an estimate, by the last years that were read", 5400)


class SourceStatus(Freshness):
    """One source, with all that operators ask first."""

    lag_seconds: int | None = described("Seconds since `last_success_at`", 30)
    details: list[ReasonDetail] = described("The reasons with what there is to say of each")
    blocked_until: AwareDatetime | None = described("When a source that has shut us out is asked again", _INSTANT)
    backfill: BackfillProgress | None = described("Null when all has been read once, or when nobody can tell")
    years_not_read: list[int] = described("Years whose list could not be had; asked for again every day", [1998])
    records_set_aside: int | None = described(
        "Records that the source refuses or never gives whole; asked for again with growing waits", 0
    )
    breaker: Breaker = described("The circuit towards its API")
    records: list[RecordsStatus] = described("Legislators, organizations, votings and events, as far as they are read")
    checkpoints: list[Checkpoint] = described("How far each walk is stored")
    progress: list[Progress] = described("Windows being read")
    records_read: int | None = described("Records that were read since the service started", 81234)
    records_rejected: int | None = described("Records that could not be read since then", 0)
    windows_failed: int | None = described("Windows that were given up since then", 0)
    dead_letters_open: int | None = described("Records that could not be stored and wait for an operator", 0)
    last_error: str | None = described("The last failure of a request to it", "HTTP 503 from /proposicoes")


class StateChange(Shape):
    """One change of a source's state."""

    from_state: SourceState | None = Field(
        alias="from", description="State before; null for the first that was written down", examples=["FRESH"]
    )
    to_state: SourceState = Field(alias="to", description="State after", examples=["PARTIAL"])
    reason: str = described("Every reason at that moment, the gravest first; empty for FRESH", "BEHIND_GOAL")
    at: AwareDatetime = described("When it changed", _INSTANT)


class StateHistory(Many[StateChange]):
    """Changes of a source's state, newest first."""


class SourceDay(Shape):
    """One day of a source, in Brasília's calendar."""

    date: datetime.date = described("The day", "2026-11-27")
    state: SourceState | None = described(
        "The gravest state that lasted five minutes or more; where none did, the longest; null where none is recorded",
        "FRESH",
    )
    seconds: int = described(
        "Seconds of the day whose state is recorded; of today those up to the last full minute", 86_400
    )
    seconds_current: int = described("Of those, the seconds in which it was FRESH or PARTIAL", 86_400)


class SourceDays(Shape):
    """The last 90 days of a source."""

    source: Source = described("The source", "camara")
    days: list[SourceDay] = described("Days, oldest first; the last is today")


class SourceDaysList(Shape):
    """The last 90 days of all sources."""

    data: list[SourceDays] = described("Each source")
    meta: Meta = described(_ABOUT)


class SourceList(Shape):
    """All sources."""

    data: list[SourceStatus] = described("Each source")
    meta: Meta = described(_ABOUT)
