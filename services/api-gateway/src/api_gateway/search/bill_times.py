"""When a bill became law, and how long that and its house's decision took, as numbers that the index counts."""

from collections.abc import Mapping
from datetime import date
from typing import Any


def times(introduced_on: date | None, record: Mapping[str, Any]) -> dict[str, int]:
    """`law_month`, `days_to_decision` and `days_to_law` of a bill, those of which its source gives the days. A day
    before the presentation is a mistake of the source, and is left out.
    """
    days = {
        "decision": _day((record.get("decision") or {}).get("decided_on")),
        "law": _day((record.get("enactment") or {}).get("signed_on")),
    }
    found = {
        f"days_to_{name}": (day - introduced_on).days
        for name, day in days.items()
        if day is not None and introduced_on is not None and day >= introduced_on
    }
    if days["law"] is not None:
        found["law_month"] = month_number(days["law"])
    return found


def month_number(day: date) -> int:
    """A month as the index counts it: 202611."""
    return day.year * 100 + day.month


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
