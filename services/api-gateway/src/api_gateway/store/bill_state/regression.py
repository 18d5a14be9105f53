"""Notices when a source shows an older state of a bill than it showed before: a stale replica, most times."""

from datetime import UTC, datetime, timedelta

from legis.domain.bill import Bill
from legis.domain.dates import FUTURE

from api_gateway.documents.derive import action_instant


def source_at(bill: Bill, seen_at: datetime) -> datetime | None:
    """The newest time that the source itself puts on the bill's state, unless it lies in the future."""
    times = (bill.upstream_updated_at, action_instant(bill.latest_action))
    return max((at for at in times if at is not None and at <= seen_at + FUTURE), default=None)


def went_back(stored: Bill, observed: Bill, seen_at: datetime) -> bool:
    """Whether the observation claims to be older than what is stored, like compared with like.

    The source's own time of change decides where both have it and it differs; else the latest actions, by day where
    one of them has no time. Times in the future say nothing.
    """
    limit = seen_at + FUTURE
    before, now = stored.upstream_updated_at, observed.upstream_updated_at
    if before and now and before != now and before <= limit and now <= limit:
        return now < before
    return _action_went_back(stored, observed, limit)


def confirmed(pending_at: datetime | None, seen_at: datetime, seconds: float) -> bool:
    """Whether an older state was seen before, at least so many seconds earlier by the times of reading."""
    return pending_at is not None and seen_at - pending_at >= timedelta(seconds=seconds)


def _action_went_back(stored: Bill, observed: Bill, limit: datetime) -> bool:
    old, new = stored.latest_action, observed.latest_action
    before, now = action_instant(old), action_instant(new)
    if old is None or new is None or before is None or now is None or before > limit or now > limit:
        return False
    if old.at and new.at:
        return new.at.astimezone(UTC) < old.at.astimezone(UTC)
    return bool(old.date and new.date and new.date < old.date)
