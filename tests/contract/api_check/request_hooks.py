"""Loaded by schemathesis: keeps long polls short, so that a thousand of them end."""

from typing import Any

import schemathesis

LONGEST_WAIT_SECONDS = 1


@schemathesis.hook
def map_query(context: Any, query: dict[str, Any] | None) -> dict[str, Any] | None:
    """The query with a `wait` of one second at most; every other value of it stays, wrong ones too."""
    if query and type(query.get("wait")) is int and LONGEST_WAIT_SECONDS < query["wait"] <= 30:
        query["wait"] = LONGEST_WAIT_SECONDS
    return query
