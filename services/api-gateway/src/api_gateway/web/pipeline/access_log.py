"""The access log of web: one entry for each request with its client, or a sample without clients behind a proxy."""

import random
import re
from collections.abc import Mapping

from legis.telemetry.logs import get_logger
from starlette.types import Scope

LOGGED_SHARE = 0.01
"""Share of successful replies with an entry in the sampled log. Errors are always logged, except refusals, of which
there may be thousands per second.
"""

LONGEST = 2000
"""Letters of a path, a query or a user agent that are logged."""

_TOKEN = re.compile(r"^(/[cmu]/).+", re.DOTALL)
"""Addresses of pages behind links in e-mails: their tokens are keys, which whoever reads a log may not use."""

_log = get_logger("api_gateway.web.access")
_dice = random.Random()  # the shared generator is left to its users, who may seed it


class AccessLog:
    """Writes entries. `full` writes one for each request, with what tells who was there: it is for a `web` without a
    proxy in front that does so.
    """

    def __init__(self, *, full: bool) -> None:
        self.full = full

    def wants(self, status: int, refused: bool) -> bool:
        """Whether this request gets an entry."""
        return self.full or (status >= 400 and not refused) or _dice.random() < LOGGED_SHARE

    def write(self, scope: Scope, entry: Mapping[str, object], who: Mapping[str, object]) -> None:
        """Writes `entry`; in the full log also `who`, and path, query and user agent as the client sent them."""
        asked: Mapping[str, object] = {}
        if self.full:
            agent = dict(scope["headers"]).get(b"user-agent", b"")
            asked = {
                **who,
                "path": _TOKEN.sub(r"\1…", scope["path"])[:LONGEST],
                "query": scope["query_string"].decode("latin-1")[:LONGEST],
                "user_agent": agent.decode("latin-1")[:LONGEST],
            }
        _log.info("request", method=scope["method"][:10], **entry, **asked)
