"""The one sentence about everything, and what else holds, readable in five seconds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from api_gateway.site.visit import Visit

_GRAVEST_FIRST = ("BLOCKED", "UNKNOWN", "STALE", "PARTIAL")
_SHAPES = {"BLOCKED": "bad", "UNKNOWN": "bad", "STALE": "warn", "PARTIAL": "warn"}
_CURRENT = ("FRESH", "PARTIAL")


@dataclass(frozen=True, slots=True)
class Headline:
    """The sentence, its shape (ok, warn, bad), the sentences after it, and the word of `/status.json` for all of it:
    `ok`, `partial`, `late`, `blocked`, `away` or `unknown`.
    """

    word: str
    shape: str
    text: str
    more: tuple[str, ...] = ()


def headline(
    visit: Visit,
    sources: Sequence[Mapping[str, Any]] | None,
    health: str | None,
    away_since: datetime | None,
) -> Headline:
    """What is to be said first. `sources` are those of `/api/v1/sources`, None where the API gave none; `health` is the
    status that the API gives itself.
    """
    t = visit.words.t
    if sources is None:
        since = None if away_since is None else visit.formats.moment(away_since)
        text = t("status.away") if since is None else t("status.away_since", since=since)
        return Headline("away", "bad", text, (t("status.away_more"),))
    if health == "unavailable":
        return Headline("away", "bad", t("status.search_away"), (t("status.search_away_more"),))
    for state in _GRAVEST_FIRST:
        such = [one for one in sources if one["state"] == state]
        if such:
            return Headline(_word(state), _SHAPES[state], _of(visit, state, such), _more(visit, state, sources, such))
    known = bool(sources) and all(one["state"] in _CURRENT for one in sources)
    return Headline("ok", "ok", t("status.all_fresh"), _read(visit, sources)) if known else _nothing(visit)


def _nothing(visit: Visit) -> Headline:
    return Headline("unknown", "bad", visit.words.t("status.unknown_all"))


def _word(state: str) -> str:
    return {"BLOCKED": "blocked", "STALE": "late", "PARTIAL": "partial"}.get(state, "unknown")


def _of(visit: Visit, state: str, such: Sequence[Mapping[str, Any]]) -> str:
    t, names = visit.words.t, _names(visit, such)
    if state == "PARTIAL":
        return t("status.partial")
    if state == "BLOCKED" and len(such) == 1 and such[0]["blocked_until"]:
        return t("status.blocked_until", names=names, until=visit.formats.near(such[0]["blocked_until"], visit.now))
    if state == "STALE" and len(such) == 1 and such[0]["lag_seconds"] is not None:
        return t("status.late_by", names=names, span=visit.formats.span(such[0]["lag_seconds"]))
    return t(f"status.{state.lower()}_names", names=names)


def _more(
    visit: Visit, state: str, sources: Sequence[Mapping[str, Any]], such: Sequence[Mapping[str, Any]]
) -> tuple[str, ...]:
    t = visit.words.t
    if any(reason == "STORE_AWAY" for one in such for reason in one["reasons"]):
        return (t("status.store_away_more"),)
    if state == "PARTIAL":
        return (t("status.partial_more"), *_read(visit, sources))
    well = [one for one in sources if one["state"] in _CURRENT]
    rest = (t("status.others_well", names=_names(visit, well)),) if well else ()
    return (*rest, t("status.nothing_lost"))


def _read(visit: Visit, sources: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    lags = [one["lag_seconds"] for one in sources if one["lag_seconds"] is not None]
    return (visit.words.t("status.read_within", span=visit.formats.span(max(lags))),) if lags else ()


def _names(visit: Visit, such: Sequence[Mapping[str, Any]]) -> str:
    return visit.words.t("status.and").join(visit.words.label("Source", one["source"]).text for one in such)
