"""Complaints about input as problem documents that name the parameter and the nearest valid word."""

from typing import get_type_hints

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from legis.service.problems import PROBLEM_JSON, install_error_handlers, problem, validation_errors
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api_gateway.access.identity import Forbidden, NotAuthenticated
from api_gateway.search.filtering.values import InvalidParameter, nearest
from api_gateway.search.index.folder import IndexNotReady
from api_gateway.store.database.reader import StatementTooSlow
from api_gateway.web.log_position import LogGone
from api_gateway.web.params.parameters import Parameters
from api_gateway.web.pipeline.access_refusals import forbidden, not_authenticated
from api_gateway.web.responses.json_responses import dump

_METHODS = "GET, HEAD, OPTIONS"
_MAX_SHOWN = 60


class NotFound(HTTPException):
    """There is no such thing; the message says what."""

    def __init__(self, detail: str) -> None:
        super().__init__(404, detail)


def add_error_handlers(app: FastAPI) -> None:
    """All handlers; refusals and failures of our own are the execution layer's."""
    install_error_handlers(app)
    app.add_exception_handler(InvalidParameter, _invalid_parameter)
    app.add_exception_handler(RequestValidationError, _invalid_request)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(StatementTooSlow, _too_slow)
    app.add_exception_handler(IndexNotReady, _not_ready)
    app.add_exception_handler(LogGone, _log_gone)
    app.add_exception_handler(NotAuthenticated, _access_refused)
    app.add_exception_handler(Forbidden, _access_refused)


async def _invalid_parameter(request: Request, error: Exception) -> Response:
    assert isinstance(error, InvalidParameter)
    return _bad_request(request, [{"parameter": error.name, "detail": str(error)}])


async def _invalid_request(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    if any(one["loc"][:1] == ("path",) for one in error.errors()):
        return problem(404, "Not Found", "There is nothing at this address.", instance=_path(request))
    known = _parameter_names(request)
    found = []
    for one, kind in zip(validation_errors(error), (e["type"] for e in error.errors()), strict=True):
        if kind == "extra_forbidden":
            near = nearest(one["parameter"], known)
            hint = f"; did you mean {near}?" if near else "; this address takes none"
            one = {"parameter": one["parameter"][:_MAX_SHOWN], "detail": f"is not a parameter here{hint}"}
        found.append(one)
    return _bad_request(request, found)


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 404:
        detail = error.detail if isinstance(error, NotFound) else "There is nothing at this address."
        return problem(404, "Not Found", detail, instance=_path(request))
    if error.status_code == 405:
        detail = "This address is only read: GET, HEAD or OPTIONS."
        return problem(405, "Method Not Allowed", detail, headers={"Allow": _METHODS}, instance=_path(request))
    title = "Gone" if error.status_code == 410 else "Error"
    return problem(error.status_code, title, str(error.detail), headers=error.headers, instance=_path(request))


async def _too_slow(request: Request, error: Exception) -> Response:
    detail = "This question takes the database too long; narrow it with more filters, or try again later."
    return problem(503, "Took too long", detail, headers={"Retry-After": "5"}, instance=_path(request))


async def _not_ready(request: Request, error: Exception) -> Response:
    return problem(
        503, "Not ready", f"{error}; try again shortly.", headers={"Retry-After": "2"}, instance=_path(request)
    )


async def _access_refused(request: Request, error: Exception) -> Response:
    if isinstance(error, Forbidden):
        return forbidden(error, _path(request))
    assert isinstance(error, NotAuthenticated)
    return not_authenticated(error, _path(request))


async def _log_gone(request: Request, error: Exception) -> Response:
    """410 with the epoch and head of the log that there is."""
    assert isinstance(error, LogGone)
    told = [{"parameter": error.parameter, "detail": str(error)}]
    reply = problem(410, "Gone", f"{error.parameter}: {error}", errors=told, instance=_path(request))
    log = dump({"epoch": error.position.epoch, "head": error.position.head})
    headers = {name: value for name, value in reply.headers.items() if name != "content-length"}
    return Response(bytes(reply.body)[:-1] + b"," + log[1:], 410, headers=headers, media_type=PROBLEM_JSON)


def _bad_request(request: Request, errors: list[dict[str, str]]) -> Response:
    first = errors[0]
    detail = f"{first['parameter']}: {first['detail']}"
    return problem(400, "Invalid parameter", detail, errors=errors, instance=_path(request))


def _parameter_names(request: Request) -> list[str]:
    endpoint = request.scope.get("endpoint")
    hints = get_type_hints(endpoint) if endpoint is not None else {}
    models = [hint for hint in hints.values() if isinstance(hint, type) and issubclass(hint, Parameters)]
    return [name for model in models for name in model.model_fields]


def _path(request: Request) -> str:
    return request.url.path[:200]
