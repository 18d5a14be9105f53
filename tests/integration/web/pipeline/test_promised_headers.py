"""Every reply of every endpoint, success, 304 and errors, has the headers that are promised for it."""

import re
from email.utils import parsedate_to_datetime
from typing import Any

import httpx2
import pytest
from api_gateway.settings import WebSettings
from api_gateway.web.app import create_app
from starlette.routing import Route

Client = httpx2.AsyncClient

ADDRESSES = {
    "/": "/",
    "/docs": "/docs",
    "/redoc": "/redoc",
    "/openapi.json": "/openapi.json",
    "/llms.txt": "/llms.txt",
    "/problems": "/problems",
    "/problems/{name}": "/problems/not-found",
    "/static/{path:path}": "/static/docs-init.js",
    "/metrics": "/metrics",
    "/api/health": "/api/health",
    "/api/health/live": "/api/health/live",
    "/api/health/ready": "/api/health/ready",
    "/api/health/startup": "/api/health/startup",
    "/api/metrics": "/api/metrics",
    "/api/v1": "/api/v1",
    "/api/v1/bills": "/api/v1/bills?limit=2&q=lei",
    "/api/v1/bills/suggest": "/api/v1/bills/suggest?q=al",
    "/api/v1/bills/events.ics": "/api/v1/bills/events.ics?q=lei",
    "/api/v1/bills/{bill_id}": "/api/v1/bills/camara-1",
    "/api/v1/bills/{bill_id}/actions": "/api/v1/bills/camara-1/actions",
    "/api/v1/bills/{bill_id}/similar": "/api/v1/bills/camara-1/similar",
    "/api/v1/bills/{bill_id}/versions": "/api/v1/bills/camara-1/versions",
    "/api/v1/bills/{bill_id}/votes": "/api/v1/bills/camara-1/votes",
    "/api/v1/legislators": "/api/v1/legislators?q=fulana",
    "/api/v1/legislators/{legislator_id}": "/api/v1/legislators/camara-deputy-1",
    "/api/v1/legislators/{legislator_id}/bills": "/api/v1/legislators/camara-deputy-1/bills",
    "/api/v1/legislators/{legislator_id}/votes": "/api/v1/legislators/camara-deputy-1/votes",
    "/api/v1/organizations": "/api/v1/organizations?active=true",
    "/api/v1/organizations/{organization_id}": "/api/v1/organizations/camara-org-1",
    "/api/v1/organizations/{organization_id}/members": "/api/v1/organizations/camara-org-1/members",
    "/api/v1/vote-events": "/api/v1/vote-events?house=CAMARA",
    "/api/v1/vote-events/agreement": "/api/v1/vote-events/agreement?a=party-pt&b=party-pl",
    "/api/v1/vote-events/{vote_event_id}": "/api/v1/vote-events/camara-vote-1",
    "/api/v1/events": "/api/v1/events?from=2026-01-01",
    "/api/v1/events.ics": "/api/v1/events.ics",
    "/api/v1/events/{event_id}": "/api/v1/events/camara-event-1",
    "/api/v1/bills/{bill_id}/events": "/api/v1/bills/camara-1/events",
    "/api/v1/bills/{bill_id}/events.ics": "/api/v1/bills/camara-1/events.ics",
    "/api/v1/bills/{bill_id}/journey": "/api/v1/bills/camara-1/journey",
    "/api/v1/resolve": "/api/v1/resolve?q=camara-1",
    "/api/v1/changes": "/api/v1/changes",
    "/api/v1/exports": "/api/v1/exports",
    "/api/v1/exports/catalog.jsonld": "/api/v1/exports/catalog.jsonld",
    "/api/v1/feeds/bills.atom": "/api/v1/feeds/bills.atom",
    "/api/v1/sources": "/api/v1/sources",
    "/api/v1/sources/days": "/api/v1/sources/days",
    "/api/v1/sources/{source_id}/history": "/api/v1/sources/camara/history",
    "/api/v1/stats": "/api/v1/stats",
}
"""One good request for each route, by its path template."""

STREAMS = {"/api/v1/changes/stream"}
TEXT_FILES = {"/.well-known/security.txt"}
OF_EXPORTS = "/api/v1/exports/{export_id}"
"""Beginning of the addresses that need an export: they have tests of their own."""
OF_OWNERS = ("/api/v1/subscriptions", "/c", "/m/", "/u/")
"""Beginnings of the addresses that take a key or a token: they have tests of their own."""
OPERATIONS = {"/metrics", "/api/health", "/api/health/live", "/api/health/ready", "/api/health/startup", "/api/metrics"}
DATED = {
    "/api/v1/bills", "/api/v1/bills/{bill_id}", "/api/v1/bills/{bill_id}/actions", "/api/v1/bills/{bill_id}/similar",
    "/api/v1/bills/{bill_id}/versions", "/api/v1/bills/{bill_id}/votes", "/api/v1/bills/suggest", "/api/v1/changes",
    "/api/v1/events/{event_id}", "/api/v1/feeds/bills.atom", "/api/v1/resolve", "/api/v1/vote-events/{vote_event_id}",
    "/api/v1/vote-events/agreement",
}  # fmt: skip
"""Those with `Last-Modified`: they change with the change log alone, not by the day or when something is computed."""

EVERYWHERE = {
    "date", "x-request-id", "access-control-allow-origin", "access-control-expose-headers", "x-content-type-options",
    "referrer-policy", "cross-origin-resource-policy", "content-security-policy", "cache-control",
}  # fmt: skip
ON_ERRORS = {"content-language", "vary", "content-type", "content-length"}
COUNTED = {"ratelimit", "ratelimit-policy"}
ETAG = re.compile(r'(W/)?"[0-9a-f]{24}(-gzip|-br|-zstd)?"')


def lacking(reply: httpx2.Response, promised: set[str]) -> set[str]:
    return promised - set(reply.headers)


def test_every_route_is_walked() -> None:
    routes = {one.path for one in create_app(WebSettings()).routes if isinstance(one, Route)}
    public = {path for path in routes if not path.startswith((*OF_OWNERS, OF_EXPORTS))}
    assert public - STREAMS - TEXT_FILES == set(ADDRESSES)


@pytest.mark.parametrize("template", ADDRESSES)
async def test_a_good_reply_and_its_304(settled: Client, template: str) -> None:
    cached, address = settled, ADDRESSES[template]
    for _ in range(2):  # the second time from the cache
        reply = await cached.get(address)
        assert reply.status_code in ((200, 503) if template in OPERATIONS else (200,)), reply.text
        assert not lacking(reply, EVERYWHERE | {"content-type", "content-length"})
        if template in OPERATIONS:
            assert reply.headers["cache-control"] == "no-store" or template == "/metrics"
            continue
        assert not lacking(reply, COUNTED | {"etag", "vary"})
        assert ETAG.fullmatch(reply.headers["etag"]), reply.headers["etag"]
        assert "max-age=" in reply.headers["cache-control"]
        assert "Accept-Encoding" in reply.headers["vary"]
        assert ("last-modified" in reply.headers) == (template in DATED)
        if template in DATED:
            assert parsedate_to_datetime(reply.headers["last-modified"]) <= parsedate_to_datetime(reply.headers["date"])
        head = await cached.head(address)
        assert {name for name in reply.headers if name not in head.headers} == set()
        current = await cached.get(address, headers={"If-None-Match": reply.headers["etag"]})
        assert (current.status_code, current.content) == (304, b"")
        assert not lacking(current, EVERYWHERE | COUNTED)
        for name in ("etag", "cache-control", "vary", "last-modified"):
            if name != "etag":
                assert current.headers.get(name) == reply.headers.get(name), name
        assert current.headers["etag"] == reply.headers["etag"]
        assert "content-type" not in current.headers


@pytest.mark.parametrize("template", [*ADDRESSES, *STREAMS])
@pytest.mark.parametrize(
    ("method", "changed", "headers", "statuses"),
    [
        ("GET", "?no_such_parameter=1", {}, {400}),
        ("POST", "", {}, {405}),
        ("GET", "", {"Accept": "image/png"}, {406}),
        ("GET", "?x=" + "a" * 9000, {}, {414}),
        ("GET", "", {"X-Long": "a" * 40_000}, {431}),
        ("GET", "", {"Content-Length": "2"}, {413}),
    ],
    ids=["400", "405", "406", "414", "431", "413"],
)
async def test_an_error_of_each_route(
    api: Client, template: str, method: str, changed: str, headers: dict[str, str], statuses: set[int]
) -> None:
    path = ADDRESSES.get(template, template).partition("?")[0]
    content = b"{}" if "Content-Length" in headers else None
    reply = await api.request(method, path + changed, headers=headers, content=content)
    unread = template in {"/docs", "/redoc", "/openapi.json", "/metrics", "/static/{path:path}"}
    if statuses == {400} and unread:  # these take no parameters and read none
        statuses = {200, 400}
    if statuses == {406} and (template in OPERATIONS or template.startswith("/static")):
        statuses = {200, 503}
    assert reply.status_code in statuses, reply.text
    if reply.headers["content-type"] != "application/problem+json":
        assert reply.status_code in (200, 503)
        return
    check_problem(reply)


MISSING = ["/nothing", "/api/v1/bills/camara-404", "/api/v1/bills/camara-404/votes", "/api/v1/sources/x/history",
           "/api/v1/changes?after=9999999", "/problems/x", "/static/x"]  # fmt: skip


@pytest.mark.parametrize("address", MISSING)
async def test_what_is_not_there(api: Client, address: str) -> None:
    reply = await api.get(address)
    assert reply.status_code in (404, 410)
    check_problem(reply)
    assert not lacking(reply, COUNTED)


async def test_a_refusal_for_a_time_says_for_how_long(serve: Any) -> None:
    async with serve(request_timeout_seconds=0.0001) as client:
        reply = await client.get("/api/v1/bills")
        assert reply.status_code == 503
        check_problem(reply)
        assert not lacking(reply, COUNTED | {"retry-after"})


def check_problem(reply: httpx2.Response) -> None:
    """What is promised of every error."""
    assert not lacking(reply, EVERYWHERE | ON_ERRORS)
    assert reply.headers["cache-control"] == "no-store"
    assert reply.headers["content-language"] == "en"
    assert {"Accept-Encoding", "Accept-Language"} <= set(reply.headers["vary"].split(", "))
    assert "etag" not in reply.headers
    document = reply.json()
    assert document["status"] == reply.status_code
    assert document["type"].startswith("/problems/")
    if reply.status_code == 405:
        assert "allow" in reply.headers
    if reply.status_code in (429, 503):
        assert "retry-after" in reply.headers
