"""When the loss of list entries is accepted. See docs/adr/0024.

A list that a reading returns shorter than it is stored, or not at all, is in doubt. The doubt ends when the list is
complete again, or when a second reading lacks the same entries at least a settle time later; but not while the list is
missing for other bills too. No I/O.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from legis.domain.bill import Bill, QualityFlag
from legis.domain.vocabulary import QualityFlagCode, ReadingPart

FEW_DOUBTS = 5
"""Bills of a source that may be in doubt about one list within a day before an outage is suspected."""

RECENT_TIMES = 144
"""Settle times within which a doubt counts as recent: a day if one is ten minutes. After as long a loss is accepted
even if no other bill's list was read complete meanwhile, unless the list is empty and more than a few bills lack it.
"""

NO_ANSWER = ""
"""Value of `missing` if the source gave no answer: nothing was claimed, so no loss is ever accepted."""

WHOLE_PARTS = frozenset({ReadingPart.DETAIL, ReadingPart.VOTES})
"""Readings that contain complete lists. Rows of lists and bulk files may begin a doubt but never settle one."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """One list of one bill in doubt. `missing` is the fingerprint of the entries that were not returned, or
    `NO_ANSWER`. Times are those of the readings.
    """

    field: str
    part: str
    missing: str
    first_at: datetime
    last_at: datetime
    readings: int
    read_seq: int


@dataclass(frozen=True, slots=True)
class ListHealth:
    """Recent readings of one list of one source.

    `open` counts the bills in doubt about it, `recent` those whose doubt began within a day. `whole` counts the
    readings that returned it complete since the median start of the recent doubts. `last_whole_at` is the time of the
    last such reading, `last_many_at` of the last one with several entries; `witnesses` are the bills of the latest
    ones.
    """

    open: int = 0
    recent: int = 0
    whole: int = 0
    last_whole_at: datetime | None = None
    last_many_at: datetime | None = None
    witnesses: Sequence[str] = ()

    @property
    def is_out(self) -> bool:
        """Whether so many bills lack the list that an outage of the source is more likely than true losses: more than a
        few recent doubts, and more than half of the readings since their median start lacked it.

        The median, so that neither an old doubt nor the newest one decides. Readings that lack the list and those that
        have it grow at the same pace, in busy times and in quiet ones.
        """
        return self.recent > FEW_DOUBTS and self.recent - self.recent // 2 > self.whole


NO_DOUBTS = ListHealth()


@dataclass(frozen=True, slots=True)
class SettleRule:
    """When a loss is accepted. `settle_seconds` must lie between two readings. `health` is by source and field; a
    missing key means no doubts. It is None if no bill of the batch was in doubt before, so that it was not loaded: a
    doubt that begins in a batch does not end in it by acceptance.
    """

    settle_seconds: float = 600.0
    health: Mapping[tuple[str, str], ListHealth] | None = field(default_factory=dict)

    def may_settle(self, doubt: Doubt, part: ReadingPart) -> bool:
        """Whether a reading of this part, at the doubt's `last_at`, comes late enough to settle it."""
        return part in WHOLE_PARTS and doubt.last_at - doubt.first_at >= self._settle

    def accepts(self, bill: Bill, before: Doubt, doubt: Doubt, *, vanished: bool) -> bool:
        """Whether readings of other bills support the loss. `before` is the doubt as it was before this reading;
        `vanished` means that the list read is empty.

        Another bill's list must have been read complete well after the doubt began (half a settle time, since earlier
        readings may have been under way at its beginning) and not after this reading: then no single outage contains
        both. A later witness proves nothing, since the outage may have ended in between. It must also be from around
        the time of this reading or of the one before: of two outages, each may contain one of the two readings.

        If the list read is not empty, the other bill's list must have had several entries, since a list of one entry
        looks complete even when lists are truncated. No witness is needed if no other bill has ever had such a list and
        none is in doubt.
        """
        if self.health is None:
            return False
        health = self.health.get((bill.source.value, doubt.field), NO_DOUBTS)
        if health.is_out:
            return False
        if not vanished and health.open <= 1 and all(one == bill.upstream_id for one in health.witnesses):
            return True
        settled_at = before.last_at if before.last_at - before.first_at >= self._settle else doubt.last_at
        seen = health.last_whole_at if vanished else health.last_many_at
        since = max(doubt.first_at, settled_at - self._settle) + self._settle / 2
        if seen is not None and since <= seen <= doubt.last_at:
            return True
        lasts = doubt.last_at - doubt.first_at >= RECENT_TIMES * self._settle
        return lasts and (health.open <= FEW_DOUBTS or not vanished)

    @property
    def _settle(self) -> timedelta:
        return timedelta(seconds=self.settle_seconds)


def doubt_flag(doubt: Doubt) -> QualityFlag:
    """The quality flag that readers of the API get. It stays the same as long as the doubt lasts."""
    since = doubt.first_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    reason = "upstream gave no answer" if doubt.missing == NO_ANSWER else "kept as stored: upstream shows less"
    return QualityFlag(code=QualityFlagCode.LIST_IN_DOUBT, field=doubt.field, detail=f"{reason}, since {since}")


def doubt_flags(bill: Bill) -> tuple[QualityFlag, ...]:
    """The quality flags of a bill that are about doubtful lists."""
    return tuple(flag for flag in bill.quality_flags if flag.code is QualityFlagCode.LIST_IN_DOUBT)
