"""When the next export is due."""

from datetime import UTC, datetime, timedelta

from legis.domain.brasilia_time import ZONE


def last_due(now: datetime, hour: int) -> datetime:
    """The last instant at or before `now` at which it was that hour in Brasília. A day on which the clock skips the
    hour has it at the next one.
    """
    local = now.astimezone(ZONE)
    found = datetime(local.year, local.month, local.day, hour, tzinfo=ZONE).astimezone(UTC)
    if found > now:
        day = local.date() - timedelta(days=1)
        found = datetime(day.year, day.month, day.day, hour, tzinfo=ZONE).astimezone(UTC)
    return found


def is_due(now: datetime, hour: int, newest: datetime | None) -> bool:
    """Whether an export must be begun: the newest one is older than the last time it was due, or there is none."""
    return newest is None or newest < last_due(now, hour)
