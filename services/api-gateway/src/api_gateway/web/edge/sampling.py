"""Which requests have a trace of their own: chosen once, by whichever part of the edge asks first."""

import random

from legis.telemetry.traces import share_received
from starlette.types import Scope

_dice = random.Random()  # of our own: the shared one is its users' to seed, and to watch

_CHOSEN = "legis.traced"


def chosen() -> bool:
    """Whether one more request is of the share that is sampled and sent to somebody."""
    share = share_received()
    return share > 0 and _dice.random() < share


def chosen_for_tracing(scope: Scope) -> bool:
    """The same of this request, for all who ask."""
    state = scope["state"]
    if _CHOSEN not in state:
        state[_CHOSEN] = chosen()
    return bool(state[_CHOSEN])


def choice_made(scope: Scope) -> bool | None:
    """What was chosen; None where nobody has asked."""
    made: bool | None = scope["state"].get(_CHOSEN) if "state" in scope else None
    return made
