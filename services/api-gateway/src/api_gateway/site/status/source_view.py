"""One source as `/status` shows it: state, figures, reasons, and its last ninety days."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api_gateway.site.charts.day_strip import DayStrip, day_strip
from api_gateway.site.visit import Visit
from api_gateway.site.wording import Label

Fact = tuple[str, str]
"""Name and value."""


@dataclass(frozen=True, slots=True)
class ShownDay:
    """A day in words. `share` is how much of what is recorded the source was up to date, or was so in part."""

    date: str
    state: Label
    share: str


@dataclass(frozen=True, slots=True)
class Past:
    """The last days: as a strip, in a sentence, and each recorded day, the newest first."""

    strip: DayStrip
    text: str
    share: str | None
    recorded: int
    days: tuple[ShownDay, ...]
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class SourceView:
    """A source. `past` is None where the API did not tell."""

    id: str
    name: Label
    state: Label
    pill: Label
    facts: tuple[Fact, ...]
    reasons: tuple[str, ...]
    last_error: str | None
    past: Past | None


def source_view(visit: Visit, one: Mapping[str, Any], days: Sequence[Mapping[str, Any]] | None) -> SourceView:
    """A source of `/api/v1/sources`, with its days of `/api/v1/sources/days`."""
    words = visit.words
    state, past = words.label("SourceState", one["state"]), None if days is None else past_of(visit, days)
    return SourceView(
        one["source"],
        words.label("Source", one["source"]),
        state,
        _pill(visit, one, state),
        _facts(visit, one, past),
        _reasons(visit, one),
        one["last_error"],
        past,
    )


def past_of(visit: Visit, days: Sequence[Mapping[str, Any]]) -> Past:
    """The past of days that are oldest first."""
    f, t = visit.formats, visit.words.t
    recorded = [day for day in days if day["seconds"]]
    seconds = sum(day["seconds"] for day in recorded)
    current = sum(day["seconds_current"] for day in recorded)
    counts = [
        t(f"status.days_{name}", n=number)
        for name, states in (("late", ("STALE",)), ("stopped", ("BLOCKED", "UNKNOWN")))
        if (number := sum(day["state"] in states for day in recorded))
    ]
    if len(recorded) < len(days):
        counts.append(t("status.days_unrecorded", n=len(days) - len(recorded)))
    return Past(
        day_strip([day["state"] for day in days]),
        "; ".join(counts or [t("status.days_none")]),
        f.share(current, seconds) if seconds else None,
        len(recorded),
        tuple(
            ShownDay(
                day["date"],
                visit.words.label("SourceState", day["state"]),
                f.share(day["seconds_current"], day["seconds"]),
            )
            for day in reversed(recorded)
        ),
        days[0]["date"],
        days[-1]["date"],
    )


def _pill(visit: Visit, one: Mapping[str, Any], state: Label) -> Label:
    if one["blocked_until"] is None:
        return state
    text = visit.words.t("status.pill_blocked", until=visit.formats.near(one["blocked_until"], visit.now))
    return Label(state.code, text, state.note, state.shape)


def _facts(visit: Visit, one: Mapping[str, Any], past: Past | None) -> tuple[Fact, ...]:
    f, t = visit.formats, visit.words.t
    lag, open_letters = one["lag_seconds"], one["dead_letters_open"]
    facts = [
        (t("status.last_read"), t("status.never") if lag is None else t("status.ago", span=f.span(lag))),
        (t("status.breaker"), visit.words.label("BreakerState", one["breaker"]["state"]).text),
        (t("status.waiting"), t("status.not_known") if open_letters is None else f.number(open_letters)),
    ]
    if past is not None:
        facts.append((t("status.up_in", n=past.recorded), past.share or t("status.not_recorded")))
    return tuple(facts)


def _reasons(visit: Visit, one: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(_reason(visit, one, code) for code in one["reasons"])


def _reason(visit: Visit, one: Mapping[str, Any], code: str) -> str:
    text, more = visit.words.label("Shortfall", code).text, ""
    f, t = visit.formats, visit.words.t
    if code == "BACKFILL_RUNNING" and one["backfill"]:
        years, seconds = one["backfill"]["years"], one["backfill"]["seconds"]
        more = t("status.years_left", n=years)
        more += "" if seconds is None else t("status.time_left", span=f.span(seconds))
    elif code == "YEARS_NOT_READ":
        more = ", ".join(str(year) for year in one["years_not_read"])
    elif code == "RECORDS_SET_ASIDE" and one["records_set_aside"] is not None:
        more = f.number(one["records_set_aside"])
    elif code == "RECORDS_BEHIND":
        behind = [record["kind"] for record in one["records"] if record["is_behind"]]
        more = ", ".join(visit.words.label("RecordKind", kind).text for kind in behind)
    return f"{text}: {more}" if more else text
