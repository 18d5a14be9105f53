"""When a list that a reading shows shorter than it is stored, or not at all, is believed. See docs/adr/0024.

Such a list is in doubt until it comes back, or until a second reading, a settled time after the first, lacks the same;
but never while the list is missing for other bills too. Pure: nothing here asks the database.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from legis.domain.bill import Bill, QualityFlag
from legis.domain.vocabulary import QualityFlagCode, ReadingPart

MOST = 5
"""So many bills of a source may be in doubt about one list within a day without anybody thinking of an outage."""

DAY = 144
"""So many settled times, a day where that is ten minutes, a doubt counts as recent. After as long a list is believed
though no other bill showed it meanwhile, unless it shows nothing at all and more than a few bills lack it."""

NO_ANSWER = ""
"""Stands for what is missing where the source gave no answer: nothing was claimed, so nothing is ever accepted."""

WHOLE_PARTS = frozenset({ReadingPart.DETAIL, ReadingPart.VOTES})
"""Readings that show lists whole. Rows of lists and files may raise a doubt, and never settle one."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """One list of one bill in doubt. `missing` is the fingerprint of the entries that are not shown, `NO_ANSWER` where
    there was none; times are those of the readings."""

    field: str
    part: str
    missing: str
    first_at: datetime
    last_at: datetime
    readings: int
    read_seq: int


@dataclass(frozen=True, slots=True)
class Health:
    """How one list of one source has been read lately: the canary of that list.

    `open` counts the bills in doubt about it, `recent` those whose doubt began within a day, `whole` the readings that
    showed all that is stored of it since the middle one of these began. `last_whole_at` is the last such reading of
    all, `last_many_at` that of a list with several entries, `witnesses` are the bills that showed theirs last.
    """

    open: int = 0
    recent: int = 0
    whole: int = 0
    last_whole_at: datetime | None = None
    last_many_at: datetime | None = None
    witnesses: Sequence[str] = ()

    @property
    def is_out(self) -> bool:
        """Whether so many bills lack it that upstream is likelier at fault than right: more than a few, and more than
        half of the readings since the middle one of their doubts began. The middle one, so that neither an old doubt
        nor the newest decides: in busy times and in quiet ones both halves grow at upstream's own pace."""
        return self.recent > MOST and self.recent - self.recent // 2 > self.whole


WELL = Health()


@dataclass(frozen=True, slots=True)
class Rule:
    """`settle_seconds` must lie between the two readings. `health` is by source and field; what it lacks is well."""

    settle_seconds: float = 600.0
    health: Mapping[tuple[str, str], Health] = field(default_factory=dict)

    def may_settle(self, doubt: Doubt, part: ReadingPart) -> bool:
        """Whether a reading of that part, at `last_at` of the doubt, comes late enough to settle it."""
        return part in WHOLE_PARTS and doubt.last_at - doubt.first_at >= self._settle

    def believes(self, bill: Bill, before: Doubt, doubt: Doubt, *, vanished: bool) -> bool:
        """Whether what the source shows of other bills speaks for what this one lacks; `before` is the doubt as it was
        before this reading.

        The list must have been whole for another bill well after the doubt began: readings that were under way then
        say nothing, hence half of the settled time. And that about when this one was read, now or the time before: of
        two outages each may hold one of the readings. Where something of the list is left, that of the other must have
        had several entries, since a list of one looks whole when lists are cut; and it needs no such witness where no
        other bill has ever shown one, nor is in doubt.
        """
        health = self.health.get((bill.source.value, doubt.field), WELL)
        if health.is_out:
            return False
        if not vanished and health.open <= 1 and all(one == bill.upstream_id for one in health.witnesses):
            return True
        settled_at = before.last_at if before.last_at - before.first_at >= self._settle else doubt.last_at
        seen = health.last_whole_at if vanished else health.last_many_at
        if seen is not None and seen >= max(doubt.first_at, settled_at - self._settle) + self._settle / 2:
            return True
        lasts = doubt.last_at - doubt.first_at >= DAY * self._settle
        return lasts and (health.open <= MOST or not vanished)

    @property
    def _settle(self) -> timedelta:
        return timedelta(seconds=self.settle_seconds)


def doubt_flag(doubt: Doubt) -> QualityFlag:
    """The warning that readers get. The same for as long as the doubt lasts."""
    since = doubt.first_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    told = "upstream gave no answer" if doubt.missing == NO_ANSWER else "kept as stored: upstream shows less"
    return QualityFlag(code=QualityFlagCode.LIST_IN_DOUBT, field=doubt.field, detail=f"{told}, since {since}")


def doubt_flags(bill: Bill) -> tuple[QualityFlag, ...]:
    """The warnings of a bill that its lists in doubt bear."""
    return tuple(flag for flag in bill.quality_flags if flag.code is QualityFlagCode.LIST_IN_DOUBT)
