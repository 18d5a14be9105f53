"""Detects readings that are older than the stored state of a bill; usually from a stale replica of the source."""

from datetime import UTC, datetime, timedelta

from legis.domain.bill import Bill
from legis.domain.dates import FUTURE

from api_gateway.documents.derive import action_instant


def source_at(bill: Bill, seen_at: datetime) -> datetime | None:
    """The newest time that the source itself gives for the bill's state; times in the future are ignored."""
    times = (bill.upstream_updated_at, action_instant(bill.latest_action))
    return max((at for at in times if at is not None and at <= seen_at + FUTURE), default=None)


def is_older(stored: Bill, observed: Bill, seen_at: datetime) -> bool:
    """Whether the observation is older than the stored bill, by the source's own times.

    Its time of change decides if both have one and they differ; otherwise the latest actions do, compared by day if one
    has no time of day. Times in the future are ignored.
    """
    limit = seen_at + FUTURE
    before, now = stored.upstream_updated_at, observed.upstream_updated_at
    if before and now and before != now and before <= limit and now <= limit:
        return now < before
    return _action_went_back(stored, observed, limit)


def confirmed(pending_at: datetime | None, seen_at: datetime, seconds: float) -> bool:
    """Whether the older state was read before, at least `seconds` earlier by the times of reading."""
    return pending_at is not None and seen_at - pending_at >= timedelta(seconds=seconds)


def _action_went_back(stored: Bill, observed: Bill, limit: datetime) -> bool:
    old, new = stored.latest_action, observed.latest_action
    before, now = action_instant(old), action_instant(new)
    if old is None or new is None or before is None or now is None or before > limit or now > limit:
        return False
    if old.at and new.at:
        return new.at.astimezone(UTC) < old.at.astimezone(UTC)
    return bool(old.date and new.date and new.date < old.date)
