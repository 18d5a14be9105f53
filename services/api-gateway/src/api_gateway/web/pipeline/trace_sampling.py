"""Which requests have a trace of their own: chosen once, by whichever part of the edge asks first."""

import time
from collections.abc import Callable

from legis.telemetry.traces import share_received
from starlette.types import Scope

from api_gateway.web.pipeline.dice import dice

MOST_A_SECOND = 100
"""Traces that a process begins for requests: a share of ten thousand requests a second would tell nothing more, and
cost as much as answering them.
"""

_CHOSEN = "legis.traced"


class Ceiling:
    """So many a second and no more; seconds of a monotonic clock."""

    def __init__(self, most: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._clock = clock
        self._second = 0
        self._count = 0

    def allows(self) -> bool:
        """Counts one more, if it is within the ceiling."""
        second = int(self._clock())
        if second != self._second:
            self._second, self._count = second, 0
        self._count += 1
        return self._count <= self._most


_ceiling = Ceiling(MOST_A_SECOND)


def chosen() -> bool:
    """Whether one more request is of the share that is sampled and sent to somebody."""
    share = share_received()
    return share > 0 and dice.random() < share and _ceiling.allows()


def chosen_for_tracing(scope: Scope) -> bool:
    """The same of this request, for all who ask."""
    state = scope.setdefault("state", {})
    if _CHOSEN not in state:
        state[_CHOSEN] = chosen()
    return bool(state[_CHOSEN])


def choice_made(scope: Scope) -> bool | None:
    """What was chosen; None where nobody has asked."""
    made: bool | None = scope["state"].get(_CHOSEN) if "state" in scope else None
    return made
