"""When a missing bill is marked as removed, and when so many are missing that the source is assumed to be wrong."""

from dataclasses import dataclass
from datetime import timedelta

from legis.telemetry import logs

from api_gateway.store.database.connections import Connection

_log = logs.get_logger(__name__)

MAX_WITHOUT_SHARE = 5
"""Removals per day that are always allowed, also for the smallest source."""

RECENT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class RemovalRule:
    """A bill is requested from its source after `misses` lists of its year lacked it, on `days` days of Brasília.

    With `days` 0, several misses of one day count. `most_share` is the share of a source's bills that may be removed
    within a day; five are always allowed.
    """

    misses: int = 3
    days: int = 2
    most_share: float = 0.005

    @property
    def least_span(self) -> int:
        """Days from the first miss to the last."""
        return max(0, self.days - 1)


@dataclass(frozen=True, slots=True)
class Allowance:
    """Bills of a source due to be removed, bills removed within the last day, and the most that are allowed
    together.
    """

    due: int
    recent: int
    most: int

    @property
    def exceeded(self) -> bool:
        """Whether no removal is allowed: sources lose whole lists more often than they delete hundreds of bills."""
        return self.due > 0 and self.due + self.recent > self.most


# One statement, so that both counts are of the same moment: a bill that another worker removes meanwhile counts once.
_DUE_AND_RECENT = """
SELECT (SELECT count(*) FROM bill_sighting s JOIN bill b ON b.id = s.bill_id
        WHERE s.source = $1 AND s.misses > 0 AND s.misses >= $2 AND s.last_missed_on - s.first_missed_on >= $3
          AND b.removed_at IS NULL) AS due,
       (SELECT count(*) FROM bill_change
        WHERE changed_at > now() - $4::interval AND kind = 'REMOVED' AND source = $1 AND about = 'BILL') AS recent
"""
_BILLS = "SELECT count(*) FROM bill WHERE source = $1"


async def allowance(connection: Connection, source: str, rule: RemovalRule) -> Allowance:
    """What the rule allows for a source now."""
    row = await connection.fetchrow(_DUE_AND_RECENT, source, rule.misses, rule.least_span, RECENT)
    assert row is not None  # an aggregate always has one row
    most = MAX_WITHOUT_SHARE
    if row["due"] + row["recent"] > most:  # counting a million bills is slow, and rarely needed
        most = max(most, int(await connection.fetchval(_BILLS, source) * rule.most_share))
    found = Allowance(row["due"], row["recent"], most)
    if found.exceeded:
        _log.error("removals_refused", source=source, due=found.due, within_a_day=found.recent, most=found.most)
    return found
