"""Server-Sent Events as a test reads them."""

from collections.abc import AsyncIterator


async def events_of(lines: AsyncIterator[str], wanted: int) -> list[dict[str, str]]:
    """The next events that have data, in order; comments and heartbeats are passed over."""
    events: list[dict[str, str]] = []
    current: dict[str, str] = {}
    async for line in lines:
        if not line and "data" in current:
            events.append(current)
            if len(events) == wanted:
                return events
        if not line:
            current = {}
        elif not line.startswith(":"):
            name, _, value = line.partition(": ")
            current[name] = value
    return events
