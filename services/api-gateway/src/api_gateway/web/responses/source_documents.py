"""Documents about each source, for readers: freshness, circuit, checkpoints, errors."""

from typing import Any

from legis.domain.vocabulary import Source
from legis.events import ServiceState

from api_gateway.web.background.status_monitor import StatusSnapshot


def breakers(snapshot: StatusSnapshot) -> dict[str, dict[str, Any]]:
    """The circuit breaker of each source; `unknown` while its ingest service reports nothing."""
    return {source.value: _breaker(snapshot.services.get(source)) for source in Source}


def sources(snapshot: StatusSnapshot) -> list[dict[str, Any]]:
    """Every source, as recorded in the store and reported by its ingest service."""
    return [_source(snapshot, place, source) for place, source in enumerate(Source)]


def _source(snapshot: StatusSnapshot, place: int, source: Source) -> dict[str, Any]:
    fresh, service, status = snapshot.freshness[place], snapshot.services.get(source), snapshot.status
    return {
        "source": source.value,
        "state": fresh.state,
        "last_success_at": fresh.last_success_at,
        "lag_seconds": snapshot.lags[place],
        "reasons": fresh.reasons,
        "details": [{"code": r.code, "detail": r.detail} for r in snapshot.standings[place].reasons],
        "blocked_until": service.blocked_until if service else None,
        "backfill": service.backfill.model_dump() if service and service.backfill else None,
        "years_not_read": status.years_not_read.get(source, ()) if status else (),
        "records_set_aside": status.set_aside.get(source, 0) if status else None,
        "breaker": _breaker(service),
        "records": [
            {
                "kind": one.kind.value,
                "walk": one.walk.value,
                "complete_at": one.complete_at,
                "behind_since": one.behind_since,
                "is_behind": one.is_behind,
            }
            for one in snapshot.record_kinds[place]
        ],
        "checkpoints": [
            {"walk": c.walk.value, "position": c.position, "updated_at": c.updated_at}
            for c in (status.checkpoints[source] if status else ())
        ],
        "progress": [p.model_dump(mode="json", exclude={"position"}) for p in (service.progress if service else ())],
        "records_read": service.records_read if service else None,
        "records_rejected": service.records_rejected if service else None,
        "windows_failed": service.windows_failed if service else None,
        "dead_letters_open": status.dead_letters[source] if status else None,
        "last_error": service.last_error if service else None,
    }


def _breaker(service: ServiceState | None) -> dict[str, Any]:
    if service is None:
        return {"state": "unknown", "failures": None, "opened_at": None, "reset_timeout": None}
    breaker = service.breaker
    return {
        "state": breaker.state,
        "failures": breaker.failures,
        "opened_at": breaker.opened_at,
        "reset_timeout": breaker.reset_timeout,
    }


def state_change(row: Any) -> dict[str, Any]:
    """One row of a source's history in the form of the API."""
    return {"from": row["from_state"], "to": row["to_state"], "reason": row["reason"], "at": row["at"]}
