"""A reader of the change log, as the API tells readers to be: it goes on from where its last page ended."""

from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import orjson
from api_gateway.documents.models import SubjectType

PAGE = 100
Get = Callable[[str], Awaitable[tuple[int, bytes]]]
Broken = Callable[[str, str], None]
Entry = tuple[int, str, int]
"""Change number, bill or other record, and the version that the change made."""

EVERYTHING = ",".join(SubjectType)
"""Value of the parameter `about` for a reader of the change log who wants every number. A reader of bills alone sees
gaps, since entries about other records have numbers too.
"""


class Follower:
    """Follows `/api/v1/changes` from its beginning, through everything; what it met is compared with what is stored."""

    def __init__(self, get: Get, broken: Broken) -> None:
        self.met: list[Entry] = []
        self._get = get
        self._broken = broken
        self._after = 0
        self._epoch = ""
        self._beginnings = 0

    def begin_anew(self) -> None:
        """The log is another one: what was met of the old one does not count."""
        self.met, self._after, self._epoch = [], 0, ""
        self._beginnings += 1

    async def step(self) -> bool:
        """One page; whether there was anything on it. A server that is away is asked again next time."""
        beginning = self._beginnings
        epoch = f"&epoch={self._epoch}" if self._epoch else ""
        try:
            status, body = await self._get(
                f"/api/v1/changes?after={self._after}&limit={PAGE}&about={EVERYTHING}{epoch}"
            )
        except (aiohttp.ClientError, TimeoutError):
            return False
        if beginning != self._beginnings:
            return False
        if status == 410:
            self._gone(orjson.loads(body))
        if status != 200:
            return False
        told = orjson.loads(body)
        self._hold(told["page"])
        entries = [(change["seq"], change["subject"]["id"], change["version"]) for change in told["data"]]
        return self._take(entries, told)

    def _gone(self, told: dict[str, Any]) -> None:
        """The log does not have the place: only another log, or one that went back, may say so."""
        if told["epoch"] == self._epoch and told["head"] >= self._after:
            self._broken("I4", f"a reader at {self._after} was sent away from a log that ends at {told['head']}")
        self.begin_anew()

    def _hold(self, page: dict[str, Any]) -> None:
        """The reply is of the log that was asked for, and that log has the place."""
        if self._epoch and page["epoch"] != self._epoch:
            self._broken("I4", f"a reader of the log {self._epoch} was given entries of {page['epoch']}")
        if page["head"] < max(self._after, page["next_after"]):
            self._broken("I4", f"a reader at {self._after} of a log that ends at {page['head']} was not told")
        self._epoch = page["epoch"]

    def _take(self, entries: list[Entry], told: dict[str, dict[str, Any]]) -> bool:
        last = self.met[-1][0] if self.met else 0
        numbers = [number for number, _, _ in entries]
        if numbers != list(range(last + 1, last + 1 + len(numbers))):
            # said at once and not only in the end: an entry that becomes visible later is missed all the same
            self._broken("I4", f"a reader of the change log met {numbers[:5]}… after {last}")
        following = told["page"]["next_after"]
        if following != (numbers[-1] if numbers else self._after):
            self._broken("I4", f"a page that ended with {numbers[-1:]} told its reader to go on after {following}")
        self.met += entries
        self._after = following
        return bool(entries)
