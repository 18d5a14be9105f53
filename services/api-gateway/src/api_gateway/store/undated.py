"""What stands in a sort column of a bill that has no such date."""

from datetime import UTC, datetime

NEVER = datetime(1000, 1, 1, tzinfo=UTC)
"""Sorts before every bill that has a date.

Not the year 1: asyncpg sends that as `-infinity`, which is less than the year 1 that JSON stored, and a page that went
on from such a bill would begin with it again, for ever.
"""
