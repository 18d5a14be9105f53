"""Pages as routes: each is one function, served under its path in Portuguese and under `/en` in English."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

import aiohttp
from fastapi import FastAPI, HTTPException, Request
from legis.clock import utc_now
from legis.telemetry.traces import current_traceparent
from starlette.responses import RedirectResponse, Response

from api_gateway.settings import SiteSettings
from api_gateway.site.api_client import MOST_CALLS, Api, ApiWatch
from api_gateway.site.mail_offer import MailOffer
from api_gateway.site.rendering import Document, Shown, document_reply, html_of, reply_of
from api_gateway.site.visit import ENGLISH_PREFIX, Origins, Visit, split_language

_KEEP = "public, max-age=3600"
"""Of an address that moved: numbers of bills can still turn out to be shared by two."""

MOST_FIELDS = 100
MOST_FORM = 8000
"""Bytes of a form that are read."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The page is at another address."""

    address: str
    permanent: bool = False
    see_other: bool = False
    """After a form: the address is to be read with GET."""


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a form, in their order; a name may stand there more than once."""

    pairs: tuple[tuple[str, str], ...]

    def get(self, name: str, default: str = "") -> str:
        """The first value of a field."""
        return next((value for given, value in self.pairs if given == name), default)


PageFunction = Callable[[Visit, Api], Awaitable[Shown | Elsewhere | Document]]
FormFunction = Callable[[Visit, Api, Form], Awaitable[Shown | Elsewhere]]


@dataclass(frozen=True, slots=True)
class PageRoute:
    """A page: its path as FastAPI writes it, and the function that makes it of the API's replies. `posted` answers its
    form, where it has one. `calls` is how often it may ask the API.
    """

    path: str
    show: PageFunction
    posted: FormFunction | None = None
    calls: int = MOST_CALLS


@dataclass(frozen=True, slots=True)
class Site:
    """What every page is made with."""

    settings: SiteSettings
    session: aiohttp.ClientSession
    pages: frozenset[str]
    mail: MailOffer
    watch: ApiWatch = field(default_factory=ApiWatch)

    def visit(self, request: Request) -> Visit:
        """The visit that a request is."""
        language, path = split_language(request.url.path)
        return Visit(
            language,
            path,
            utc_now(),
            self.origins(request),
            tuple(request.query_params.multi_items()),
            {name: str(value) for name, value in request.path_params.items()},
        )

    def origins(self, request: Request) -> Origins:
        """Public addresses of pages and API."""
        own = self.settings.site_url.rstrip("/") or str(request.base_url).rstrip("/")
        return Origins(own, self.settings.api_public_url.rstrip("/"))

    def api(self, request: Request, visit: Visit, calls: int) -> Api:
        """The API for the visit, to be asked so often."""
        client = request.client.host if request.client else "unknown"
        base = self.settings.api_url.rstrip("/")
        return Api(self.session, base, visit.language, client, current_traceparent(), calls, self.watch)

    def reply(self, request: Request, visit: Visit, made: Shown | Elsewhere | Document) -> Response:
        """The reply to the request."""
        if isinstance(made, Elsewhere):
            status = 303 if made.see_other else 301 if made.permanent else 302
            return RedirectResponse(
                made.address, status, headers={"Cache-Control": _KEEP if status == 301 else "no-store"}
            )
        if_none_match = request.headers.get("if-none-match", "")
        if isinstance(made, Document):
            return document_reply(made, visit, if_none_match)
        html = html_of(visit, made, self.pages, self.mail.offered, self.settings.site_contact)
        return reply_of(html, visit, made, if_none_match)


def add_pages(app: FastAPI, routes: Sequence[PageRoute]) -> None:
    """Adds each page in both languages, in the order given: the first that matches an address answers."""
    for route in routes:
        for prefix in ("", ENGLISH_PREFIX):
            path = prefix if prefix and route.path == "/" else prefix + route.path
            app.add_api_route(path, _shown(route), methods=["GET", "HEAD"], include_in_schema=False)
            if route.posted is not None:
                app.add_api_route(path, _posted(route.posted, route.calls), methods=["POST"], include_in_schema=False)


def site_of(request: Request) -> Site:
    """The site of the app, which its lifespan opens."""
    found: Site = request.app.state.site
    return found


def _shown(route: PageRoute) -> Callable[[Request], Awaitable[Response]]:
    async def show(request: Request) -> Response:
        site = site_of(request)
        visit = site.visit(request)
        return site.reply(request, visit, await route.show(visit, site.api(request, visit, route.calls)))

    return show


def _posted(answer: FormFunction, calls: int) -> Callable[[Request], Awaitable[Response]]:
    async def take(request: Request) -> Response:
        site = site_of(request)
        visit = site.visit(request)
        form = await small_form(request)
        return site.reply(request, visit, await answer(visit, site.api(request, visit, calls), form))

    return take


async def small_form(request: Request) -> Form:
    """The fields of a form as browsers send it by default; at most MOST_FORM bytes, the rest is left out."""
    content = b""
    async for chunk in request.stream():
        content += chunk
        if len(content) > MOST_FORM:
            break
    text = content[:MOST_FORM].decode("utf-8", "replace")
    try:
        return Form(tuple(parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS)))
    except ValueError:
        raise HTTPException(400) from None
