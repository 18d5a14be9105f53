"""Conversion of exceptions to problem+json responses (RFC 9457), in the language that the request prefers."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import orjson
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from legis.errors import RetryableError
from legis.languages import Language, Text, preferred_language
from legis.service.problem_types import BY_NAME, NO_PAGE, name_of
from legis.telemetry.logs import get_logger
from legis.telemetry.traces import current_trace_id

PROBLEM_JSON = "application/problem+json"
RETRY_AFTER_SECONDS = 1
_LOCATIONS = frozenset({"query", "path", "header", "cookie", "body"})
_FIXED = {"Access-Control-Allow-Origin": "*", "Cache-Control": "no-store", "Vary": "Accept-Encoding, Accept-Language"}
_MADE_HERE = frozenset({"content-type", "content-length", "content-language"})
_log = get_logger(__name__)


class ProblemResponse(Response):
    """An error reply: rendered in English first, and again in Portuguese if the request that it
    answers prefers that.
    """

    media_type = PROBLEM_JSON

    def __init__(self, document: Mapping[str, Any], status: int, headers: Mapping[str, str]) -> None:
        self._document = document
        super().__init__(
            _rendered(document, Language.ENGLISH), status, headers={**headers, "Content-Language": Language.ENGLISH}
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends the reply in the language of `Accept-Language`."""
        self.told_in(preferred_language(Headers(scope=scope).get("accept-language", "")))
        await super().__call__(scope, receive, send)

    def told_in(self, language: Language) -> "ProblemResponse":
        """This reply, rendered in that language."""
        if language != self.headers["Content-Language"]:
            self.body = _rendered(self._document, language)
            self.headers["Content-Language"] = language
            self.headers["Content-Length"] = str(len(self.body))
        return self

    def extended(self, members: Mapping[str, Any]) -> "ProblemResponse":
        """A copy of the problem with additional members."""
        headers = {name: value for name, value in self.headers.items() if name not in _MADE_HERE}
        return ProblemResponse({**self._document, **members}, self.status_code, headers)


def problem(
    status: int,
    title: str,
    detail: str | Text,
    *,
    type: str | None = None,
    errors: Sequence[Mapping[str, Any]] = (),
    headers: Mapping[str, str] | None = None,
    instance: str | None = None,
) -> ProblemResponse:
    """Builds an error reply. `title` is the English title of a registered problem type, whose address becomes `type`,
    or any other title for a problem without a page. `instance` is the requested path; `errors` are objects
    `{"parameter", "detail"}`. If `detail` is English only, the Portuguese reply has the type's explanation in its
    place.

    The reply can be read from any origin and is not cached. `trace_id` is that of the current span, null without a
    span.
    """
    known = BY_NAME.get(name_of(title))
    document = {
        "type": type or (known.uri if known else NO_PAGE),
        "title": known.title if known else title,
        "status": status,
        "detail": Text(detail, known.text.pt) if known and isinstance(detail, str) else detail,
        "instance": instance,
        "errors": list(errors),
        "trace_id": current_trace_id(),
    }
    return ProblemResponse(document, status, {**_FIXED, **(headers or {})})


def _rendered(document: Mapping[str, Any], language: Language) -> bytes:
    return orjson.dumps(_told(document, language), default=str)


def _told(value: Any, language: Language) -> Any:
    """The value with each bilingual text replaced by its text in one language."""
    if isinstance(value, Text):
        return value.told(language)
    if isinstance(value, Mapping):
        return {name: _told(one, language) for name, one in value.items()}
    return [_told(one, language) for one in value] if isinstance(value, list) else value


def install_error_handlers(app: FastAPI) -> None:
    """Turns every error of the app into a problem document: unknown routes, wrong methods, invalid input, internal
    errors.
    """
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _bad_input)
    app.add_exception_handler(RetryableError, _not_now)
    app.add_exception_handler(Exception, _our_fault)


def validation_errors(error: RequestValidationError) -> list[dict[str, str]]:
    """Errors of the input, by parameter; the rejected values themselves are not repeated."""
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
    detail = Text(f"not valid: {names}", f"não é válido: {names}")
    return problem(400, _phrase(400), detail, errors=errors, instance=request.url.path)


async def _not_now(request: Request, error: Exception) -> Response:
    assert isinstance(error, RetryableError)
    _log.warning("request_refused_for_now", path=request.url.path, error=repr(error))
    wait = max(1, round(error.retry_after or RETRY_AFTER_SECONDS))
    detail = Text(
        "a part that this needs is away; try again later",
        "uma parte necessária está fora do ar; tente de novo mais tarde",
    )
    return problem(503, _phrase(503), detail, headers={"Retry-After": str(wait)}, instance=request.url.path)


async def _our_fault(request: Request, error: Exception) -> Response:
    detail = Text(
        "something failed on our side; it has been logged under this trace id",
        "algo falhou do nosso lado; está no log sob este trace_id",
    )
    return problem(500, _phrase(500), detail, instance=request.url.path)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Error"
