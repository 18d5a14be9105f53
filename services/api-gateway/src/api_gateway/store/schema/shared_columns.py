"""Columns that the tables share: an instant, and a list of texts."""

from datetime import datetime

from sqlalchemy import ARRAY, Column, DateTime, Text


def instant(*, nullable: bool = True) -> Column[datetime]:
    """A moment; PostgreSQL stores it in UTC (timestamptz)."""
    return Column(DateTime(timezone=True), nullable=nullable)


def texts() -> Column[list[str]]:
    """A list of texts. It may be empty and is never null."""
    return Column(ARRAY(Text), nullable=False)
