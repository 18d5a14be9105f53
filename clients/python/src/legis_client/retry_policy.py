"""How often a request is repeated, and after how long."""

import random
from dataclasses import dataclass

REPEATED = frozenset({429, 502, 503, 504})
"""Statuses that say "later": every request is a GET, so each may be repeated."""


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """At most `attempts` requests for one call; no wait between two is longer than `longest_wait` seconds.

    Where the server asks for a longer wait, the error is raised at once and says how long it is. Without a
    `Retry-After` the wait doubles from `first_wait` seconds, less a random part: clients shall not return together.
    """

    attempts: int = 4
    first_wait: float = 0.5
    longest_wait: float = 60.0

    def wait_after(self, attempt: int, retry_after: float | None) -> float | None:
        """Seconds to wait after this attempt, the first being 1; None where there shall be no further one."""
        if attempt >= self.attempts:
            return None
        if retry_after is not None:
            return retry_after if retry_after <= self.longest_wait else None
        doubled = min(self.first_wait * 2.0 ** (attempt - 1), self.longest_wait)
        return doubled * random.uniform(0.5, 1.0)
