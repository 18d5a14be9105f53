"""`/status.json`: the page's sentence and figures for programs."""

from datetime import datetime
from typing import Any

import orjson

from api_gateway.site.api_client import ApiReply
from api_gateway.site.status.status_view import StatusView
from api_gateway.site.visit import Visit

_OF_A_SOURCE = ("source", "state", "last_success_at", "lag_seconds", "reasons", "blocked_until", "breaker",
                "dead_letters_open")  # fmt: skip
_OF_THE_SERVICE = ("health", "requests", "queue", "index")


def status_document(
    visit: Visit,
    view: StatusView,
    sources: ApiReply | None,
    metrics: ApiReply | None,
    away_since: datetime | None,
) -> bytes:
    """The document. `sources` and the figures are as the API gives them, null where it gives none; `status` is one of
    `ok`, `partial`, `late`, `blocked`, `away` and `unknown`.
    """
    document: dict[str, Any] = {
        "status": view.headline.word,
        "text": view.headline.text,
        "seen_at": view.seen_at,
        "api_away_since": away_since,
        "sources": None if sources is None else [{name: one[name] for name in _OF_A_SOURCE} for one in sources.data],
        "service": None if metrics is None else {name: metrics.document[name] for name in _OF_THE_SERVICE},
        "incidents": [
            {"name": one.name, "title": one.title, "started_at": one.started_at, "is_over": one.over}
            for one in view.incidents
        ],
        "links": {
            "page": visit.full("/status"),
            "atom": visit.full("/status.atom"),
            "sources": visit.full_api("/api/v1/sources"),
            "days": visit.full_api("/api/v1/sources/days"),
        },
    }
    return orjson.dumps(document, option=orjson.OPT_UTC_Z | orjson.OPT_INDENT_2)
