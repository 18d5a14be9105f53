"""When a delivery that failed is tried again, and when its subscription is given up."""

import random
from datetime import timedelta

_DELAYS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
)
"""Waits after the first failure, the second, and so on; the last one repeats. From the Standard Webhooks
specification.
"""

GIVEN_UP_AFTER = timedelta(days=3)
"""Time without any success after which a subscription is disabled."""

LONGEST_RETRY_AFTER = timedelta(hours=1)
"""Longest wait that a receiver may ask for."""

SPREAD = 0.2
"""Each wait is longer or shorter by up to this share, so that receivers that failed together return at other times."""


_dice = random.Random()


def retry_delay(failures: int, asked: timedelta | None, dice: random.Random = _dice) -> timedelta:
    """The wait after `failures` failures in a row, at least 1. `asked` is the receiver's Retry-After."""
    planned = _DELAYS[min(failures, len(_DELAYS)) - 1] * dice.uniform(1 - SPREAD, 1 + SPREAD)
    return planned if asked is None else max(planned, min(asked, LONGEST_RETRY_AFTER))
