"""All of `/status` from replies of the API, any of which may be missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from api_gateway.site.api_client import ApiReply
from api_gateway.site.status.headline import Headline, headline
from api_gateway.site.status.source_view import Fact, SourceView, source_view
from api_gateway.site.texts.incidents import Incident
from api_gateway.site.visit import Visit
from api_gateway.site.wording import Label


@dataclass(frozen=True, slots=True)
class ShownIncident:
    """An incident in the visit's language."""

    name: str
    started_at: datetime
    title: str
    text: Any
    lasted: str
    over: bool


@dataclass(frozen=True, slots=True)
class ServiceView:
    """A part of the service, with its figures."""

    name: str
    state: Label
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class StatusView:
    """The page. `sources` and `service` are None where the API did not tell."""

    headline: Headline
    seen_at: datetime
    sources: tuple[SourceView, ...] | None
    service: tuple[ServiceView, ...] | None
    days_told: bool
    incidents: tuple[ShownIncident, ...]


def status_view(
    visit: Visit,
    sources: ApiReply | None,
    days: ApiReply | None,
    metrics: ApiReply | None,
    away_since: datetime | None,
    incidents: tuple[Incident, ...] = (),
) -> StatusView:
    """The content of the status page, from replies of `/sources`, `/sources/days` and `/api/metrics`."""
    past = {} if days is None else {one["source"]: one["days"] for one in days.data}
    found = None if sources is None else sources.data
    figures = None if metrics is None else metrics.document
    return StatusView(
        headline(visit, found, figures["health"] if figures else None, away_since),
        visit.now,
        None if found is None else tuple(source_view(visit, one, past.get(one["source"])) for one in found),
        None if figures is None else service_views(visit, figures),
        days is not None,
        tuple(_shown(visit, one) for one in incidents),
    )


def service_views(visit: Visit, figures: Mapping[str, Any]) -> tuple[ServiceView, ...]:
    """The API, the search and the store, from `/api/metrics`. A figure that is not told is said to be unknown."""
    t, requests, index, queue = visit.words.t, figures["requests"], figures["index"], figures["queue"]
    health = visit.words.label("HealthStatus", figures["health"])
    return (
        ServiceView(
            t("status.api"),
            health,
            (
                (t("status.typical"), _milliseconds(visit, requests["p95_seconds"])),
                (t("status.rate"), _rate(visit, requests["rate_per_second"])),
                (t("status.errors"), _share(visit, requests["error_rate"])),
            ),
        ),
        ServiceView(
            t("status.search"),
            _behind(visit, index["behind"]),
            (
                (t("status.index_behind"), _number(visit, index["behind"])),
                (t("status.log_head"), _number(visit, index["head"])),
            ),
        ),
        ServiceView(
            t("status.store"),
            visit.words.label("HealthStatus", "degraded" if queue["backlog"] is None else "ok"),
            (
                (t("status.backlog"), _number(visit, queue["backlog"])),
                (t("status.pending"), _number(visit, queue["pending"])),
            ),
        ),
    )


def _shown(visit: Visit, one: Incident) -> ShownIncident:
    t = visit.words.t
    lasted = t("status.going_on") if one.seconds is None else t("status.lasted", span=visit.formats.span(one.seconds))
    return ShownIncident(
        one.name, one.started_at, one.titles[visit.language], one.texts[visit.language].html, lasted,
        one.ended_at is not None,
    )  # fmt: skip


def _behind(visit: Visit, behind: int | None) -> Label:
    if behind is None:
        return visit.words.label("HealthStatus", "unavailable")
    return visit.words.label("SourceState", "FRESH" if behind < 1000 else "STALE")


def _number(visit: Visit, value: int | None) -> str:
    return visit.words.t("status.not_known") if value is None else visit.formats.number(value)


def _milliseconds(visit: Visit, seconds: float | None) -> str:
    if seconds is None:
        return visit.words.t("status.no_requests")
    return f"{visit.formats.number(max(1, round(1000 * seconds)))}\u00a0ms"


def _rate(visit: Visit, rate: float | None) -> str:
    if rate is None:
        return visit.words.t("status.not_known")
    return visit.words.t("status.per_minute", number=visit.formats.number(round(60 * rate)))


def _share(visit: Visit, share: float | None) -> str:
    return visit.words.t("status.not_known") if share is None else visit.formats.share(share, 1)
