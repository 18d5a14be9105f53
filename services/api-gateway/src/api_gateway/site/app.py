"""Assembles the site: its pages, the API client, health checks and metrics."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
from fastapi import FastAPI
from legis.service.app import build_app
from legis.service.health import Health, Unfit
from legis.service.run import background
from legis.telemetry.traces import Traces
from starlette.middleware.gzip import GZipMiddleware
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from api_gateway.settings import SiteSettings
from api_gateway.site.asset_files import PREFIX, show_asset
from api_gateway.site.error_pages import install_error_pages
from api_gateway.site.mail_offer import MailOffer
from api_gateway.site.page_routes import PageRoute, Site, add_pages
from api_gateway.site.pages import (
    bill_routes,
    changelog_page,
    design_page,
    developers_page,
    follow_page,
    home_page,
    stats_page,
    status_page,
)
from api_gateway.site.pages.records import routes as record_routes
from api_gateway.site.request_layers import HeadersLayer, InsideLayer, TraceLayer, security_headers

NAME = "site"
SMALLEST_COMPRESSED = 1000
"""Bytes; a smaller reply is one packet anyway."""

ROUTES: tuple[PageRoute, ...] = (
    *home_page.ROUTES,
    *follow_page.ROUTES,
    *record_routes.ROUTES,
    *status_page.ROUTES,
    *stats_page.ROUTES,
    *changelog_page.ROUTES,
    *developers_page.ROUTES,
    *bill_routes.BY_ID,
    *bill_routes.BY_NUMBER,
)
"""Every page, in the order in which addresses are looked up: those with names before those with numbers."""


def make_app(settings: SiteSettings, tracing: Traces) -> FastAPI:
    """The site as an ASGI app. It serves from its start, whether the API answers or not."""
    health = Health()
    routes = (*ROUTES, *design_page.ROUTES) if settings.site_design else ROUTES
    pages = frozenset(route.path for route in routes)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        stop = asyncio.Event()
        async with _session(settings) as session:
            mail = MailOffer(session, settings.api_url.rstrip("/"))
            app.state.site = Site(settings, session, pages, mail)
            async with background(stop, mail.run(stop)):
                yield
        await tracing.shutdown()

    app = build_app(NAME, lifespan=lifespan, health=health)
    health.add("api", lambda: _api_answers(app), required=False)
    install_error_pages(app)
    app.add_api_route(PREFIX + "{name}", show_asset, methods=["GET", "HEAD"], include_in_schema=False)
    add_pages(app, routes)
    app.add_middleware(TraceLayer)
    app.add_middleware(InsideLayer)
    app.add_middleware(GZipMiddleware, minimum_size=SMALLEST_COMPRESSED, compresslevel=6)
    app.add_middleware(HeadersLayer, headers=security_headers(settings.api_public_url.rstrip("/")))
    app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=settings.forwarded_allow_ips)
    return app


def _session(settings: SiteSettings) -> aiohttp.ClientSession:
    """Connections to the API: kept alive, bounded in number, each request with one limit for all its waits."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=settings.api_connections, keepalive_timeout=30),
        timeout=aiohttp.ClientTimeout(total=settings.api_timeout_seconds),
        cookie_jar=aiohttp.DummyCookieJar(),
    )


async def _api_answers(app: FastAPI) -> None:
    """Raises Unfit where the API cannot be reached."""
    site: Site = app.state.site
    address = f"{site.settings.api_url.rstrip('/')}/api/health/live"
    try:
        async with site.session.get(address) as reply:
            await reply.read()
    except (aiohttp.ClientError, OSError, TimeoutError):
        raise Unfit("the API cannot be reached") from None
