"""When a bill became law, and how long that and each stage of its path took, as numbers that the index counts."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from legis.domain.proceedings.path_stages import PathStage

DAYS_FIELDS: Mapping[str, str] = {stage.value: f"days_to_{stage.lower()}" for stage in PathStage}
"""By stage: the index field with the days from the presentation to it, such as `days_to_law`."""


def times(introduced_on: date | None, record: Mapping[str, Any], first_days: Mapping[str, str]) -> dict[str, int]:
    """`law_month` and the days to each stage of a bill, those of which its source gives the days. A day before the
    presentation is a mistake of the source, and is left out. `first_days` are by stage.
    """
    signed = (record.get("enactment") or {}).get("signed_on")
    decided = (record.get("decision") or {}).get("decided_on")
    found: dict[str, int] = {}
    if introduced_on is not None:
        began = introduced_on.toordinal()
        for stage, day in (*first_days.items(), (PathStage.DECISION, decided), (PathStage.LAW, signed)):
            field = DAYS_FIELDS.get(stage)  # a newer release may have written stages that this one does not know
            if field and day is not None and (days := date.fromisoformat(day).toordinal() - began) >= 0:
                found[field] = days
    if signed is not None:
        found["law_month"] = month_number(date.fromisoformat(signed))
    return found


def month_number(day: date) -> int:
    """A month as the index counts it: 202611."""
    return day.year * 100 + day.month
