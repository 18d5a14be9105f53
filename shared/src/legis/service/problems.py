"""Exceptions to problem+json responses (RFC 9457)."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import orjson
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from legis.errors import RetryableError
from legis.telemetry.logs import get_logger
from legis.telemetry.traces import current_trace_id

PROBLEM_JSON = "application/problem+json"
RETRY_AFTER_SECONDS = 1
_LOCATIONS = frozenset({"query", "path", "header", "cookie", "body"})
_log = get_logger(__name__)


def problem(
    status: int,
    title: str,
    detail: str,
    *,
    type: str = "about:blank",
    errors: Sequence[Mapping[str, Any]] = (),
    headers: Mapping[str, str] | None = None,
    instance: str | None = None,
) -> Response:
    """An error reply. `instance` is the path asked for; `errors` name parameters: `{"parameter", "detail"}`.

    Readable from any origin, kept by no cache. `trace_id` is that of the current span, null outside any.
    """
    document = {
        "type": type,
        "title": title,
        "status": status,
        "detail": detail,
        "instance": instance,
        "errors": list(errors),
        "trace_id": current_trace_id(),
    }
    fixed = {"Access-Control-Allow-Origin": "*", "Cache-Control": "no-store"}
    body = orjson.dumps(document, default=str)
    return Response(body, status, headers={**fixed, **(headers or {})}, media_type=PROBLEM_JSON)


def install_error_handlers(app: FastAPI) -> None:
    """Makes every error of the app a problem: unknown routes, wrong methods, bad input, our own failures."""
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _bad_input)
    app.add_exception_handler(RetryableError, _not_now)
    app.add_exception_handler(Exception, _our_fault)


def validation_errors(error: RequestValidationError) -> list[dict[str, str]]:
    """What was wrong with the input, by parameter; the rejected values themselves are not repeated."""
    found = []
    for one in error.errors():
        where = [str(part) for part in one["loc"]]
        named = where[1:] if len(where) > 1 and where[0] in _LOCATIONS else where
        found.append({"parameter": ".".join(named), "detail": str(one["msg"])})
    return found


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    title = _phrase(error.status_code)
    detail = str(error.detail)
    if detail == title:
        detail = f"{request.method} {request.url.path}: {title.lower()}"
    return problem(error.status_code, title, detail, headers=error.headers, instance=request.url.path)


async def _bad_input(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    errors = validation_errors(error)
    names = ", ".join(dict.fromkeys(one["parameter"] for one in errors))
    return problem(400, _phrase(400), f"not valid: {names}", errors=errors, instance=request.url.path)


async def _not_now(request: Request, error: Exception) -> Response:
    assert isinstance(error, RetryableError)
    _log.warning("request_refused_for_now", path=request.url.path, error=repr(error))
    wait = max(1, round(error.retry_after or RETRY_AFTER_SECONDS))
    detail = "a part that this needs is away; try again later"
    headers = {"Retry-After": str(wait)}
    return problem(503, _phrase(503), detail, headers=headers, instance=request.url.path)


async def _our_fault(request: Request, error: Exception) -> Response:
    detail = "something failed on our side; it has been logged under this trace id"
    return problem(500, _phrase(500), detail, instance=request.url.path)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Error"
