"""The pipeline's policy for each route: scope that a key needs, caching, cost, and the parameter
whose requests wait.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from starlette.routing import BaseRoute, Route

from api_gateway.access.scopes import Scope


@dataclass(frozen=True, slots=True)
class RoutePolicy:
    """Rules by which the layers treat the requests of one route.

    `scope`: the scope that an API key must have, None for no scope. `open_methods`: methods that a client without a key
    may use in spite of that; the route says what of it needs one. `kept`: identical requests share one reply, which
    is cached while it is current. `needs_store`: the route cannot answer while the database is away, so an old cached
    reply is sent then. `cost`: slots of admission that a request takes, 0 for none, and units of its client's limit, at
    least 1; `costs` are the costs of requests that have a parameter of that name. `waits_with`: the parameter whose
    requests wait on purpose: they cost the same, but are not shared, and the route takes their slots itself, so that
    none is held while they wait. `files`: the route also answers as a file (CSV, NDJSON, XLSX); such requests are
    treated like those that wait. `operations`:
    routes for probes and scrapers, whose clients are not identified, limited, traced or logged.
    """

    scope: Scope | None = Scope.READ
    open_methods: frozenset[str] = frozenset()
    kept: bool = False
    needs_store: bool = True
    cost: int = 0
    costs: Mapping[str, int] = field(default_factory=dict)
    waits_with: str | None = None
    files: bool = False
    operations: bool = False


_OPERATIONS = RoutePolicy(scope=None, operations=True)
_PAGE = RoutePolicy(scope=None)
_MAIL = RoutePolicy(scope=None, cost=1)
_STORED = RoutePolicy(kept=True, cost=1)
_OF_ONE_BILL = RoutePolicy(kept=True, cost=1, waits_with="min_seq")
_LISTED = RoutePolicy(kept=True, cost=1, files=True)
_LISTED_OF_ONE_BILL = RoutePolicy(kept=True, cost=1, waits_with="min_seq", files=True)
_SNAPSHOT = RoutePolicy(cost=1)
_OWN = RoutePolicy(scope=Scope.SUBSCRIPTIONS, cost=1)

POLICIES: Mapping[str, RoutePolicy] = {
    "/": _PAGE,
    "/.well-known/security.txt": _PAGE,
    "/docs": _PAGE,
    "/redoc": _PAGE,
    "/llms.txt": _PAGE,
    "/openapi.json": RoutePolicy(scope=None, kept=True, needs_store=False),
    "/c": _PAGE,
    "/c/{token}": _MAIL,
    "/m/{token}": _MAIL,
    "/u/{token}": _MAIL,
    "/problems": _PAGE,
    "/problems/{name}": _PAGE,
    "/static/{path:path}": RoutePolicy(kept=True, needs_store=False),
    "/metrics": _OPERATIONS,
    "/api/health": _OPERATIONS,
    "/api/health/live": _OPERATIONS,
    "/api/health/ready": _OPERATIONS,
    "/api/health/startup": _OPERATIONS,
    "/api/metrics": _OPERATIONS,
    "/api/v1": _PAGE,
    "/api/v1/bills": RoutePolicy(
        kept=True, needs_store=False, cost=1, costs={"q": 2, "facets": 3, "as_of": 4}, waits_with="min_seq", files=True
    ),
    "/api/v1/bills/events.ics": RoutePolicy(kept=True, cost=2),
    "/api/v1/bills/suggest": RoutePolicy(kept=True, needs_store=False, cost=1),
    "/api/v1/bills/{bill_id}": _OF_ONE_BILL,
    "/api/v1/bills/{bill_id}/actions": _LISTED_OF_ONE_BILL,
    "/api/v1/bills/{bill_id}/events": _LISTED,
    "/api/v1/bills/{bill_id}/events.ics": RoutePolicy(kept=True, cost=2),
    "/api/v1/events": _LISTED,
    "/api/v1/events.ics": RoutePolicy(kept=True, cost=2),
    "/api/v1/events/{event_id}": _STORED,
    "/api/v1/bills/{bill_id}/journey": RoutePolicy(kept=True, cost=2, waits_with="min_seq"),
    "/api/v1/bills/{bill_id}/similar": RoutePolicy(kept=True, needs_store=False, cost=2),
    "/api/v1/bills/{bill_id}/versions": _OF_ONE_BILL,
    "/api/v1/bills/{bill_id}/votes": _LISTED_OF_ONE_BILL,
    "/api/v1/legislators": _LISTED,
    "/api/v1/legislators/{legislator_id}": _STORED,
    "/api/v1/legislators/{legislator_id}/bills": _STORED,
    "/api/v1/legislators/{legislator_id}/votes": _LISTED,
    "/api/v1/organizations": _LISTED,
    "/api/v1/organizations/{organization_id}": _STORED,
    "/api/v1/organizations/{organization_id}/members": _STORED,
    "/api/v1/vote-events": _LISTED,
    "/api/v1/vote-events/agreement": RoutePolicy(kept=True, cost=3),
    "/api/v1/vote-events/{vote_event_id}": _STORED,
    "/api/v1/resolve": _STORED,
    "/api/v1/changes": RoutePolicy(kept=True, cost=1, waits_with="wait", files=True),
    "/api/v1/changes/stream": RoutePolicy(),
    "/api/v1/exports": RoutePolicy(cost=1),
    "/api/v1/exports/catalog.jsonld": RoutePolicy(cost=1),
    "/api/v1/exports/{export_id}": RoutePolicy(cost=1),
    "/api/v1/exports/{export_id}/datapackage.json": RoutePolicy(cost=1),
    "/api/v1/exports/{export_id}/files/{name}": RoutePolicy(),
    "/api/v1/feeds/bills.atom": RoutePolicy(kept=True, cost=2),
    "/api/v1/sources": _SNAPSHOT,
    "/api/v1/sources/days": _SNAPSHOT,
    "/api/v1/sources/{source_id}/history": _SNAPSHOT,
    "/api/v1/stats": _SNAPSHOT,
    "/api/v1/subscriptions": RoutePolicy(scope=Scope.SUBSCRIPTIONS, open_methods=frozenset({"POST"}), cost=1),
    "/api/v1/subscriptions/options": RoutePolicy(scope=None, cost=1),
    "/api/v1/subscriptions/{subscription_id}": _OWN,
    "/api/v1/subscriptions/{subscription_id}/deliveries": _OWN,
    "/api/v1/subscriptions/{subscription_id}/replay": _OWN,
    "/api/v1/subscriptions/{subscription_id}/rotate-secret": _OWN,
    "/api/v1/subscriptions/{subscription_id}/test": _OWN,
}


@dataclass(frozen=True, slots=True)
class KnownRoute:
    """A path template, by which metrics and logs name it, its policy, and the methods of all its routes. HEAD is
    answered wherever GET is.
    """

    template: str
    policy: RoutePolicy
    methods: frozenset[str] = frozenset({"GET", "HEAD"})

    @property
    def allow(self) -> str:
        """The methods for the header `Allow`."""
        return ", ".join(sorted(self.methods | {"OPTIONS"}))


NO_ROUTE = KnownRoute("none", _PAGE)


class RouteTable:
    """Finds the route of a path before the router runs; the router finds it again when a reply has to be made."""

    def __init__(self, routes: Iterable[BaseRoute]) -> None:
        listed = [one for one in routes if isinstance(one, Route)]
        methods: defaultdict[str, set[str]] = defaultdict(set)
        for one in listed:
            methods[one.path] |= _with_head(one.methods or ())
        self._routes: list[tuple[Any, KnownRoute]] = [
            (one.path_regex, KnownRoute(one.path, POLICIES[one.path], frozenset(methods[one.path]))) for one in listed
        ]
        self.find = lru_cache(maxsize=4096)(self._find)
        """The route of a path; NO_ROUTE if there is none."""

    def _find(self, path: str) -> KnownRoute:
        """By the router's own patterns, in its order: a path that it takes otherwise would lack its scope and cost. Its
        patterns take a line break behind the path.
        """
        return next((found for regex, found in self._routes if regex.match(path)), NO_ROUTE)


def _with_head(methods: Iterable[str]) -> set[str]:
    found = set(methods)
    return found | {"HEAD"} if "GET" in found else found
