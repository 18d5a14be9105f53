"""Asks the API steadily through nginx while something is done to what stands behind it."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from stack import Stack

PER_SECOND = 20
PATH = "/api/health/live"
"""Never limited and never kept: each request is one that a web process answers."""


@contextmanager
def asking(stack: Stack) -> Iterator[Counter[int]]:
    """Counts the statuses of a request every 50 ms; 0 is a connection that failed."""
    seen: Counter[int] = Counter()
    stop = threading.Event()

    def ask() -> None:
        following = time.monotonic()
        while not stop.is_set():
            seen[stack.get(PATH)[0]] += 1
            following += 1 / PER_SECOND
            stop.wait(max(0.0, following - time.monotonic()))

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    try:
        yield seen
    finally:
        stop.set()
        thread.join(timeout=10)
