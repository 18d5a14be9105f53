"""When a bill that its source seems to lack may be marked as removed, and when so many at once must not be believed."""

from dataclasses import dataclass
from datetime import timedelta

from legis.telemetry import logs

from api_gateway.store.database.connections import Connection

_log = logs.get_logger(__name__)

MOST_WITHOUT_SHARE = 5
"""So many a day are believed of the smallest source."""

RECENT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class RemovalRule:
    """`misses` lists of its year must lack a bill, on so many `days` of Brasília, before its source is asked for it.

    With `days` 0 several misses of one day count. `most_share` is the part of a source's bills that may be removed
    within a day, never less than five bills.
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
    """How many bills of a source are to be removed or were within the day, and how many may be."""

    due: int
    recent: int
    most: int

    @property
    def exceeded(self) -> bool:
        """Whether none of them may be believed: sources lose lists more often than hundreds of bills."""
        return self.due > 0 and self.due + self.recent > self.most


# One statement, one view of both: what another worker removes meanwhile counts once, on one side or the other.
_DUE_AND_RECENT = """
SELECT (SELECT count(*) FROM bill_sighting s JOIN bill b ON b.id = s.bill_id
        WHERE s.source = $1 AND s.misses > 0 AND s.misses >= $2 AND s.last_missed_on - s.first_missed_on >= $3
          AND b.removed_at IS NULL) AS due,
       (SELECT count(*) FROM bill_change
        WHERE changed_at > now() - $4::interval AND kind = 'REMOVED' AND source = $1) AS recent
"""
_BILLS = "SELECT count(*) FROM bill WHERE source = $1"


async def allowance(connection: Connection, source: str, rule: RemovalRule) -> Allowance:
    """What the rule leaves for a source now."""
    row = await connection.fetchrow(_DUE_AND_RECENT, source, rule.misses, rule.least_span, RECENT)
    assert row is not None  # an aggregate has one row always
    most = MOST_WITHOUT_SHARE
    if row["due"] + row["recent"] > most:  # counting a million bills takes a moment, and is rarely needed
        most = max(most, int(await connection.fetchval(_BILLS, source) * rule.most_share))
    found = Allowance(row["due"], row["recent"], most)
    if found.exceeded:
        _log.error("removals_refused", source=source, due=found.due, within_a_day=found.recent, most=found.most)
    return found
