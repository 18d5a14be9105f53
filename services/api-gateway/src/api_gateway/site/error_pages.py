"""Pages for what goes wrong: each says what is wrong, what still holds, and what to do."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from legis.telemetry.logs import get_logger
from legis.telemetry.traces import current_trace_id
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api_gateway.site.api_client import ApiError, Late, NotFound, Problem, RateLimited, Refused, Unavailable
from api_gateway.site.bills.bill_query import filter_label
from api_gateway.site.page_routes import site_of
from api_gateway.site.rendering import Shown
from api_gateway.site.request_layers import security_headers
from api_gateway.site.visit import Visit

RETRY_SECONDS = 30
"""Told to visitors where the API does not say when to come again."""

_NO_PARAMETER = ("is not a parameter here", "não é um parâmetro deste endereço")
"""How the API says that it has no such parameter."""

_CODES_FOLLOW = re.compile(r"(Allowed: |Valores: |did you mean |você quis dizer )")
"""After this it names values that it takes."""

_VOCABULARIES = {
    "house": ("Chamber",), "chamber": ("Chamber",), "status": ("BillStatus", "EventStatus"), "type": ("BillType",),
    "kind": ("ChangeKind",), "result": ("VoteResult",), "purpose": ("VotePurpose",), "option": ("VoteOption",),
    "classification": ("Classification", "EventClassification"), "source": ("Source",),
}  # fmt: skip
_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Detail:
    """What is wrong with one parameter; the address without it, and its name for people."""

    text: str
    name: str = ""
    without: str = ""


@dataclass(frozen=True, slots=True)
class ErrorView:
    """What an error page says. `shape` is that of its message: warn or bad. `query` fills the search box."""

    title: str
    text: str
    rest: str = ""
    details: tuple[Detail, ...] = ()
    shape: str = "bad"
    query: str = ""
    again: str = ""
    trace_id: str | None = None


class NoPage(Exception):
    """There is nothing at the address: a page that was not found, with what the visitor may have meant to search."""

    def __init__(self, query: str = "") -> None:
        super().__init__(query)
        self.query = query


def install_error_pages(app: FastAPI) -> None:
    """Turns every error of the app into a page in the visitor's language."""
    for kind in (NoPage, ApiError, HTTPException, RequestValidationError, Exception):
        app.add_exception_handler(kind, _handler())


def error_page(visit: Visit, error: Exception, trace_id: str | None = None) -> Shown:
    """The page about an error."""
    status, view = _told(visit, error, trace_id)
    return Shown("error.html", view, view.title, status=status, indexed=False)


def _handler() -> Callable[[Request, Exception], Awaitable[Response]]:
    async def handle(request: Request, error: Exception) -> Response:
        site = site_of(request)
        visit = site.visit(request)
        reply = site.reply(request, visit, error_page(visit, error, current_trace_id()))
        if not isinstance(error, NoPage | ApiError | HTTPException | RequestValidationError):
            _log.error("page_failed", path=request.url.path, exc_info=error)
            reply.headers.update(security_headers(visit.origins.api))  # this reply is made outside our layers
        if isinstance(error, HTTPException):
            reply.headers.update(error.headers or {})
        if reply.status_code in (429, 503):
            reply.headers["Retry-After"] = str(_seconds(error))
        return reply

    return handle


def _told(visit: Visit, error: Exception, trace_id: str | None) -> tuple[int, ErrorView]:
    if isinstance(error, NoPage | NotFound) or (isinstance(error, HTTPException) and error.status_code == 404):
        return 404, _not_found(visit, error.query if isinstance(error, NoPage) else "")
    if isinstance(error, Refused):
        return 400, _refused(visit, error.problem)
    if isinstance(error, RateLimited):
        t = visit.words.t
        text = t("errors.too_many_text", n=_seconds(error))
        return 429, ErrorView(t("errors.too_many"), text, t("errors.too_many_rest"), shape="warn", again=_again(visit))
    if isinstance(error, Late | Unavailable):
        return 503, _away(visit, error, trace_id)
    status = error.status_code if isinstance(error, HTTPException) else 500
    if 400 <= status < 500:
        return status, ErrorView(visit.words.t("errors.bad_request"), visit.words.t("errors.bad_request_text"))
    t = visit.words.t
    return 500, ErrorView(t("errors.ours"), t("errors.ours_text"), again=_again(visit), trace_id=trace_id)


def _not_found(visit: Visit, query: str) -> ErrorView:
    t = visit.words.t
    text = t("errors.not_found_text", path=visit.url(visit.path))
    return ErrorView(t("errors.not_found"), text, t("errors.not_found_rest"), query=query, shape="")


def _refused(visit: Visit, problem: Problem) -> ErrorView:
    t = visit.words.t
    details = tuple(_detail(visit, name, text) for name, text in problem.errors) or (Detail(problem.detail),)
    return ErrorView(t("errors.refused"), t("errors.refused_text"), t("errors.refused_rest"), details)


def _detail(visit: Visit, name: str, text: str) -> Detail:
    """A parameter that the API refused, with a way out where the visitor's address has it."""
    own = visit.words.has("errors", f"param_{name}")
    said = visit.words.t(f"errors.param_{name}") if own else filter_label(visit.words, name)
    text = _in_words(visit, name, text)
    rest = tuple(pair for pair in visit.query if pair[0] not in (name, "cursor"))
    without = "" if len(rest) == len(visit.query) else visit.url(visit.path, rest)
    return Detail(f"{said}: {text}" if said else text, said, without)


def _in_words(visit: Visit, name: str, text: str) -> str:
    """The text of a parameter's error, with a word for each code, `Câmara (CAMARA)`. The API's list of parameters is
    left out: a page takes others.
    """
    if text.startswith(_NO_PARAMETER):
        return text.partition(". ")[0] + "." if ". " in text else text

    def named(code: re.Match[str]) -> str:
        for vocabulary in _VOCABULARIES.get(name, ()):
            if visit.words.has_label(vocabulary, code[0]):
                return f"{visit.words.label(vocabulary, code[0]).text} ({code[0]})"
        return code[0]

    said, list_of_codes, codes = _CODES_FOLLOW.split(text, 1) if _CODES_FOLLOW.search(text) else (text, "", "")
    return said + list_of_codes + re.sub(r"\w+", named, codes)


def _away(visit: Visit, error: ApiError, trace_id: str | None) -> ErrorView:
    t = visit.words.t
    text = t("errors.late_text") if isinstance(error, Late) else t("errors.away_text")
    rest = t("errors.try_again", n=_seconds(error))
    return ErrorView(t("errors.away"), text, rest, again=_again(visit), trace_id=error.problem.trace_id or trace_id)


def _again(visit: Visit) -> str:
    return visit.translated(visit.language)


def _seconds(error: Exception) -> int:
    return (error.retry_after if isinstance(error, ApiError) else None) or RETRY_SECONDS
