"""Admission: how many requests run at the same time, shared fairly between clients.

Requests beyond that number wait briefly or are refused, before any work is done for them.
"""

import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from api_gateway.web.pipeline.limits.fair_queue import FairQueue

LEARNING_RATE = 0.1
FIRST_HELD_SECONDS = 0.01
"""Time for which a request holds its slot, as long as none has been measured."""

VAIN_WAITS = 2.0
"""A request is refused at once, instead of after the longest wait, if it would have to wait for more than this many
times the longest wait: above 1, since requests in front of it may give up, and slots may come free sooner.
"""

CLIENT_SHARE = 0.5
"""Share of the slots that one client may hold while another client is active (at least one slot): so the other client
finds a free slot at once.
"""

ACTIVE_SECONDS = 10.0
"""Seconds after its last request for which a client counts as active."""

RETRY_SECONDS = range(1, 4)
"""Retry-After in seconds, chosen at random for each refusal, so that refused clients do not all return together."""

_dice = random.Random()  # the shared generator is left to its users, who may seed it


class ActiveClients:
    """Remembers the client of the last request and the last other client: enough to decide whether
    a client is alone.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._last, self._last_at = "", float("-inf")
        self._other_at = float("-inf")

    def note_request(self, client: str) -> None:
        """Records a request of a client."""
        if client != self._last:
            self._last, self._other_at = client, self._last_at
        self._last_at = self._clock()

    def is_alone(self, client: str) -> bool:
        """Whether no other client is active."""
        another_at = self._other_at if client == self._last else self._last_at
        return self._clock() - another_at > ACTIVE_SECONDS


class Overloaded(Exception):
    """There is no slot for this request. `reason` is `queue` (full) or `wait` (too long);
    `retry_after` is in seconds.
    """

    def __init__(self, reason: str, retry_after: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_after = retry_after


class Admission:
    """Slots for running requests, and a fair queue of limited length and time in front of them.

    Fairness: clients take turns by cost. One client holds at most half of the slots, unless no other client is active.
    If the queue is full, a client displaces the newest request of a client that has at least two requests more, waiting
    or running, than itself.

    Length of the queue: at most `queue` requests wait, each for at most `longest_wait` seconds. While requests hold
    their slots for so long that waiting would be in vain, only one request for each slot may wait, or as many as may
    still be served in time. The time for which a request holds its slot is measured continuously. A proxy in front that
    lets `slots` + `queue` requests through leaves nothing to refuse here. For one event loop; `clock` is monotonic, in
    seconds.
    """

    def __init__(
        self,
        slots: int,
        queue: int,
        *,
        longest_wait: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._slots = slots
        self._most_waiting = queue
        self._longest_wait = longest_wait
        self._clock = clock
        self._client_share = max(1, int(slots * CLIENT_SHARE))
        self._free = slots
        self._held: Counter[str] = Counter()
        self._active = ActiveClients(clock)
        self._queue: FairQueue[asyncio.Future[bool]] = FairQueue()
        self._held_seconds = FIRST_HELD_SECONDS

    @property
    def waiting(self) -> int:
        """Number of waiting requests; a request whose slot has come free is not counted, even if its task has not
        resumed yet.
        """
        return self._queue.size

    @property
    def full(self) -> bool:
        """Whether the queue has no room, unless by displacing another request; a slot may still be free."""
        in_time = int(VAIN_WAITS * self._longest_wait * self._slots / self._held_seconds)
        return self.waiting >= min(self._most_waiting, max(self._slots, in_time))

    def refuses(self, client: str) -> bool:
        """Whether the next request of this client would be refused at once."""
        free = self._free and self._may_hold_one_more(client)
        return not free and self.full and self._displaceable(client) is None

    @asynccontextmanager
    async def slot(self, client: str, cost: int = 1) -> AsyncIterator[None]:
        """Holds a slot until the context ends. Raises Overloaded, at once or within `longest_wait`.

        `cost` is the cost of the request relative to the cheapest one, which costs 1.
        """
        await self._enter(client, cost)
        began = self._clock()
        try:
            yield
        finally:
            self._leave(client)
            self._held_seconds += LEARNING_RATE * (max(self._clock() - began, 1e-4) - self._held_seconds)

    async def _enter(self, client: str, cost: int) -> None:
        self._active.note_request(client)
        if self._free and self._may_hold_one_more(client):
            self._hold(client)
            return
        self._make_room(client)
        admitted = asyncio.get_running_loop().create_future()
        self._queue.add(client, admitted, cost)
        try:
            async with asyncio.timeout(self._longest_wait):
                displaced = not await admitted
        except BaseException as error:
            still_waited = self._queue.discard(client, admitted)
            if not still_waited and not admitted.cancelled() and admitted.result():
                self._leave(client)  # the slot came free in the moment in which the wait was given up
            if isinstance(error, TimeoutError):
                raise _overloaded("wait") from None
            raise
        if displaced:
            raise _overloaded("queue")

    def _make_room(self, client: str) -> None:
        if self.full:
            other = self._displaceable(client)
            if other is None:
                raise _overloaded("queue")
            _tell(self._queue.take_newest(other), False)

    def _displaceable(self, client: str) -> str | None:
        """The client whose newest request is displaced: one with waiting requests, and two requests more than `client`;
        or None.
        """
        most = max(self._queue.clients(), key=self._at_once, default=None)
        return None if most is None or self._at_once(most) < self._at_once(client) + 2 else most

    def _at_once(self, client: str) -> int:
        """Number of requests of a client that wait or hold a slot."""
        return self._queue.waiting(client) + self._held[client]

    def _hold(self, client: str) -> None:
        self._free -= 1
        self._held[client] += 1

    def _leave(self, client: str) -> None:
        """Frees a slot, and passes free slots to waiting requests."""
        self._held[client] -= 1
        if not self._held[client]:
            del self._held[client]
        self._free += 1
        while self._free and self._queue.size and (taken := self._queue.take(self._may_hold_one_more)):
            next_client, admitted = taken
            if _tell(admitted, True):  # a request that gave up may still be in the queue
                self._hold(next_client)

    def _may_hold_one_more(self, client: str) -> bool:
        return self._held[client] < self._client_share or self._active.is_alone(client)


def retry_seconds() -> int:
    """Retry-After of one refusal."""
    return _dice.choice(RETRY_SECONDS)


def _overloaded(reason: str) -> Overloaded:
    return Overloaded(reason, retry_seconds())


def _tell(admitted: asyncio.Future[bool], whether: bool) -> bool:
    """Resolves the future of a waiting request; False if it had given up, so that the result does not reach it."""
    if admitted.done():
        return False
    admitted.set_result(whether)
    return True
