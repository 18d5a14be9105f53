"""A reader of the change log, as the API tells readers to be: it goes on from where its last page ended."""

from collections.abc import Awaitable, Callable

import aiohttp
import orjson

PAGE = 100
Get = Callable[[str], Awaitable[tuple[int, bytes]]]
Broken = Callable[[str, str], None]
Entry = tuple[int, str, int]
"""Change number, bill, and the version that the change made."""


class Follower:
    """Follows `/api/v1/changes` from its beginning, through everything; what it met is compared with what is stored."""

    def __init__(self, get: Get, broken: Broken) -> None:
        self.met: list[Entry] = []
        self._get = get
        self._broken = broken
        self._after = 0
        self._beginnings = 0

    def begin_anew(self) -> None:
        """The log is another one: what was met of the old one does not count."""
        self.met, self._after = [], 0
        self._beginnings += 1

    async def step(self) -> bool:
        """One page; whether there was anything on it. A server that is away is asked again next time."""
        beginning = self._beginnings
        try:
            status, body = await self._get(f"/api/v1/changes?after={self._after}&limit={PAGE}")
        except (aiohttp.ClientError, TimeoutError):
            return False
        if status != 200 or beginning != self._beginnings:
            return False
        told = orjson.loads(body)
        return self._take([(change["seq"], change["bill_id"], change["version"]) for change in told["data"]], told)

    def _take(self, entries: list[Entry], told: dict[str, dict[str, int]]) -> bool:
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
