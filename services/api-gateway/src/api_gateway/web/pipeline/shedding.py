"""Refusals under overload, known before a request costs anything: no slot would come free, and no kept reply answers.

They are bytes made beforehand and are not logged: there are thousands a second.
"""

import time
from collections.abc import Mapping, Sequence

from legis.telemetry.metrics import SHED
from starlette.types import Scope, Send

from api_gateway.web.container import Resources
from api_gateway.web.pipeline.admission import seconds_to_retry
from api_gateway.web.pipeline.admission_layer import TOO_BUSY, client_of, takes_a_slot
from api_gateway.web.pipeline.request_metrics import record
from api_gateway.web.pipeline.request_stats import RequestStats
from api_gateway.web.pipeline.response_cache import cache_key
from api_gateway.web.pipeline.response_headers import DRESS, request_id_of

_HEADERS = [
    *(pair for pair in DRESS if pair[0] != b"access-control-allow-origin"),
    *TOO_BUSY.raw_headers,
]
_STATUS_LINE = b"HTTP/1.1 503 Service Unavailable\r\n"
_BODY = bytes(TOO_BUSY.body)
_LINES = b"".join(b"%b: %b\r\n" % pair for pair in _HEADERS)
_SHED_FOR_A_SLOT = SHED.labels("queue")


def is_shed(scope: Scope) -> bool:
    """Whether a request that has come to the layers is refused."""
    resources: Resources = scope["app"].state.resources
    path, query = scope["path"], scope["query_string"]
    if not _lacks_a_slot(resources, client_of(scope), path, query):
        return False
    key = cache_key(path, query)
    return key is None or resources.cache.usable(key) is None


async def shed(scope: Scope, send: Send, request_id: bytes, stats: RequestStats, started: float) -> None:
    """Refuses it; `started` by `time.perf_counter`."""
    told = [(b"retry-after", str(seconds_to_retry()).encode()), (b"x-request-id", request_id)]
    await send({"type": "http.response.start", "status": 503, "headers": _HEADERS + told})
    await send({"type": "http.response.body", "body": TOO_BUSY.body})
    _count(scope["method"] if scope["method"] in ("GET", "HEAD") else "_OTHER", stats, started)


def shed_at_once(
    resources: Resources,
    key: tuple[str, bytes],
    client: str,
    asked: Mapping[bytes, bytes],
    stats: RequestStats,
    started: float,
) -> Sequence[bytes] | None:
    """The refusal of a GET that no kept reply answers, for `legis.service.at_once`; None where it may go on."""
    if not _lacks_a_slot(resources, client, *key):
        return None
    request_id = request_id_of(asked.get(b"x-request-id"))
    _count("GET", stats, started)
    told = b"retry-after: ", str(seconds_to_retry()).encode(), b"\r\nx-request-id: ", request_id, b"\r\n\r\n"
    return _STATUS_LINE, _LINES, *told, _BODY


def _lacks_a_slot(resources: Resources, client: str, path: str, query: bytes) -> bool:
    return takes_a_slot(path, query) and resources.admission.refuses(client)


def _count(method: str, stats: RequestStats, started: float) -> None:
    _SHED_FOR_A_SLOT.inc()
    seconds = time.perf_counter() - started
    stats.record(503, seconds)
    record("none", method, "503", seconds)
