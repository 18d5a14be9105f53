"""Handlers that turn exceptions of the routes into problem documents. For invalid input, the problem names the
parameter and the nearest valid value.
"""

from typing import Any, get_type_hints

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from legis.languages import Text
from legis.service.problems import install_error_handlers, problem
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api_gateway.access.identity import Forbidden, NotAuthenticated
from api_gateway.search.filtering.values import InvalidParameter
from api_gateway.search.index.folder import IndexNotReady
from api_gateway.store.database.reader import StatementTooSlow
from api_gateway.web.api_route import resources_of
from api_gateway.web.log_position import LogGone
from api_gateway.web.params.input_errors import input_errors
from api_gateway.web.pipeline.access_refusals import forbidden, not_authenticated
from api_gateway.web.request_body import BodyTooLarge, WrongContentType

_NOTHING_HERE = Text("There is nothing at this address.", "Não há nada neste endereço.")
_TOO_SLOW = Text(
    "This question takes the database too long; narrow it with more filters, or try again later.",
    "Esta consulta leva tempo demais no banco de dados; restrinja-a com mais filtros, ou tente mais tarde.",
)


class NotFound(HTTPException):
    """The requested resource does not exist (404); the text names it."""

    def __init__(self, text: Text) -> None:
        super().__init__(404, text.en)
        self.text = text


def no_bill(bill_id: str) -> NotFound:
    """The error for a bill id that does not exist."""
    return NotFound(Text(f"There is no bill {bill_id}.", f"Não há a proposição {bill_id}."))


def no_record(kind: Text, record_id: str) -> NotFound:
    """The error for the id of a legislator, organization or voting that does not exist."""
    return NotFound(Text(f"There is no {kind.en} {record_id}.", f"Não há {kind.pt} {record_id}."))


def add_error_handlers(app: FastAPI) -> None:
    """Adds all handlers of the routes' exceptions. Overload, timeouts and internal errors are handled by the execution
    layer.
    """
    install_error_handlers(app)
    app.add_exception_handler(InvalidParameter, _invalid_parameter)
    app.add_exception_handler(RequestValidationError, _invalid_request)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(StatementTooSlow, _too_slow)
    app.add_exception_handler(IndexNotReady, _not_ready)
    app.add_exception_handler(LogGone, _log_gone)
    app.add_exception_handler(BodyTooLarge, _body_refused)
    app.add_exception_handler(WrongContentType, _body_refused)
    app.add_exception_handler(NotAuthenticated, _access_refused)
    app.add_exception_handler(Forbidden, _access_refused)


async def _invalid_parameter(request: Request, error: Exception) -> Response:
    assert isinstance(error, InvalidParameter)
    return _bad_request(request, [{"parameter": error.name, "detail": error.text}])


async def _invalid_request(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    if any(one["loc"][:1] == ("path",) for one in error.errors()):
        return problem(404, "Not Found", _NOTHING_HERE, instance=_path(request))
    return _bad_request(request, input_errors(error, _parameter_names(request)))


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 404:
        detail = error.text if isinstance(error, NotFound) else _NOTHING_HERE
        return problem(404, "Not Found", detail, instance=_path(request))
    return problem(error.status_code, "Error", str(error.detail), headers=error.headers, instance=_path(request))


async def _body_refused(request: Request, error: Exception) -> Response:
    if isinstance(error, BodyTooLarge):
        return problem(413, "Body too large", error.text, instance=_path(request))
    assert isinstance(error, WrongContentType)
    return problem(415, "Unsupported Media Type", error.text, instance=_path(request))


async def _too_slow(request: Request, error: Exception) -> Response:
    return problem(503, "Took too long", _TOO_SLOW, headers={"Retry-After": "5"}, instance=_path(request))


async def _not_ready(request: Request, error: Exception) -> Response:
    assert isinstance(error, IndexNotReady)
    detail = Text(f"{error.text.en}; try again shortly.", f"{error.text.pt}; tente de novo em instantes.")
    return problem(503, "Not ready", detail, headers={"Retry-After": "2"}, instance=_path(request))


async def _access_refused(request: Request, error: Exception) -> Response:
    if isinstance(error, Forbidden):
        return forbidden(error, _path(request))
    assert isinstance(error, NotAuthenticated)
    return not_authenticated(error, _path(request))


async def _log_gone(request: Request, error: Exception) -> Response:
    """410 with the epoch, the head and the oldest entry of the current change log, and where older ones are."""
    assert isinstance(error, LogGone)
    told = [{"parameter": error.parameter, "detail": error.text}]
    reply = problem(410, "Gone", _of(error.parameter, error.text), errors=told, instance=_path(request))
    now = error.position
    told_more: dict[str, Any] = {"epoch": now.epoch, "head": now.head}
    if now.oldest > 1:
        told_more |= {"oldest": now.oldest, "archive": resources_of(request).settings.change_archive_url or None}
    return reply.extended(told_more)


def _bad_request(request: Request, errors: list[dict[str, Any]]) -> Response:
    first = errors[0]
    detail = _of(first["parameter"], first["detail"])
    return problem(400, "Invalid parameter", detail, errors=errors, instance=_path(request))


def _of(parameter: str, detail: str | Text) -> str | Text:
    if isinstance(detail, Text):
        return Text(f"{parameter}: {detail.en}", f"{parameter}: {detail.pt}")
    return f"{parameter}: {detail}"


def _parameter_names(request: Request) -> list[str]:
    endpoint = request.scope.get("endpoint")
    hints = get_type_hints(endpoint) if endpoint is not None else {}
    models = [hint for hint in hints.values() if isinstance(hint, type) and issubclass(hint, BaseModel)]
    return [field.alias or name for model in models for name, field in model.model_fields.items()]


def _path(request: Request) -> str:
    return request.url.path[:200]
