"""Rules for repeating a request: how often, and after how long."""

import random
from dataclasses import dataclass

REPEATED = frozenset({429, 502, 503, 504})
"""Statuses after which a request is repeated, since they mean "later". Every request is a GET, so
repeating it is safe.
"""


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """At most `attempts` requests for one call; no wait between two requests is longer than `longest_wait` seconds.

    If the server demands a longer wait, the error is raised at once and contains its length. Without a `Retry-After`
    the wait doubles from `first_wait` seconds, less a random part, so that clients do not return together.
    """

    attempts: int = 4
    first_wait: float = 0.5
    longest_wait: float = 60.0

    def wait_after(self, attempt: int, retry_after: float | None) -> float | None:
        """Seconds to wait after attempt number `attempt` (the first is 1); None if there is no further attempt."""
        if attempt >= self.attempts:
            return None
        if retry_after is not None:
            return retry_after if retry_after <= self.longest_wait else None
        doubled = min(self.first_wait * 2.0 ** (attempt - 1), self.longest_wait)
        return doubled * random.uniform(0.5, 1.0)
