"""How many requests are at work at once; what comes above that waits shortly or is refused at once, before it costs."""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

from legis.service.problems import problem
from legis.telemetry.metrics import SHED
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from api_gateway.web.pipeline.client_disconnect import cancelled_when_gone
from api_gateway.web.pipeline.dice import dice

LEARNING_RATE = 0.1
_HOPEFUL = 0.75
"""Of the longest wait: how long the line may be for one that waits on credit, since places do not clear evenly."""

EARNED_SHARE = 0.05
"""Of the rate at which places are cleared: how fast credit for bursts comes back."""

_ADMITTED = "/api/v1/"


class Overloaded(Exception):
    """No place came free for this request."""


class Admission:
    """Places for requests at work, and a line in front of them: long in a burst, short while overload lasts.

    As many may wait as the places clear within `patience` seconds, and one for each place at least: who waits no longer
    than the work itself takes is not sent away, however long that is. Beyond that credit is for bursts:
    a request may wait on credit as long as it would be served within three quarters of `longest_wait` seconds, and
    no more than `queue` wait in all. Credit comes back at a twentieth of the rate at which places are cleared, so
    that it is there after calm times and gone under overload, where a longer line only makes everybody wait. The
    time a request holds its place is learnt while it runs. One event loop; `clock` is monotonic, in seconds.
    """

    def __init__(
        self,
        places: int,
        queue: int,
        *,
        patience: float,
        longest_wait: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._places = places
        self._queue = queue
        self._patience = patience
        self._longest_wait = longest_wait
        self._clock = clock
        self._free = places
        self._line: deque[asyncio.Future[None]] = deque()
        self._held_seconds = patience
        self._credit, self._credit_at = float(queue), clock()

    @property
    def waiting(self) -> int:
        """Requests that wait; one whose place has come free waits no more, though it has not heard of it."""
        return len(self._line)

    @property
    def full(self) -> bool:
        """Whether the next request would be refused."""
        if self._free or self.waiting < self._room(self._patience):
            return False
        return self.waiting >= self._room(self._longest_wait * _HOPEFUL) or self._credit_now() < 1

    def _room(self, seconds: float) -> int:
        return min(self._queue, max(self._places, int(seconds * self._places / self._held_seconds)))

    def _credit_now(self) -> float:
        earned = (self._clock() - self._credit_at) * EARNED_SHARE * self._places / self._held_seconds
        return min(float(self._queue), self._credit + earned)

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """A place for as long as the context lasts. Raises Overloaded, at once or after `longest_wait`."""
        await self._enter()
        began = self._clock()
        try:
            yield
        finally:
            self._leave()
            self._held_seconds += LEARNING_RATE * (max(self._clock() - began, 1e-4) - self._held_seconds)

    async def _enter(self) -> None:
        if self._free:
            self._free -= 1
            return
        if self.full:
            raise Overloaded("queue")
        if self.waiting >= self._room(self._patience):
            self._credit, self._credit_at = self._credit_now() - 1, self._clock()
        called = asyncio.get_running_loop().create_future()
        self._line.append(called)
        try:
            async with asyncio.timeout(self._longest_wait):
                await called
        except BaseException as error:
            if not called.cancelled():  # it was called at the moment in which it gave up
                self._leave()
            elif called in self._line:
                self._line.remove(called)
            if isinstance(error, TimeoutError):
                raise Overloaded("wait") from None
            raise

    def _leave(self) -> None:
        """Calls the first in the line, or keeps the place free."""
        while self._line:
            called = self._line.popleft()
            if not called.done():  # one that gave up may still stand there
                called.set_result(None)
                return
        self._free += 1


class Admitted:
    """ASGI layer inside the reply cache: what has to be worked for takes a place first, and ends when its client goes.

    Streams and requests that wait on purpose have bounds of their own.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Runs the request in a place, or refuses it."""
        if scope["type"] != "http" or not takes_a_place(scope["path"], scope["query_string"]):
            await self.app(scope, receive, send)
            return
        admission: Admission = scope["app"].state.resources.admission
        async with cancelled_when_gone(receive, send) as still_there:
            try:
                async with admission.place():
                    await self.app(scope, still_there, send)
            except Overloaded as error:
                SHED.labels(str(error)).inc()
                await too_busy()(scope, receive, send)


def takes_a_place(path: str, query: bytes) -> bool:
    """Whether a request is one of those whose number at work is limited."""
    return path.startswith(_ADMITTED) and not path.endswith("/stream") and not waits(query)


def waits(query: bytes) -> bool:
    """Whether a request asks to be held until there is something to say; it takes a place when that is over."""
    return any(part.startswith((b"wait=", b"min_seq=")) for part in query.split(b"&"))


def wait_to_tell() -> str:
    """Seconds for Retry-After: 1 to 3, so that not all come back together."""
    return str(dice.randint(1, 3))


def too_busy() -> Response:
    """The refusal."""
    return _refusal({"Retry-After": wait_to_tell()})


def _refusal(headers: Mapping[str, str] | None = None) -> Response:
    detail = "More requests are at work than can be answered in time; try again shortly."
    return problem(503, "Too busy", detail, headers=headers)


TOO_BUSY = _refusal()
"""The refusal, but for its Retry-After, as it is sent when nothing may be spent on it."""
