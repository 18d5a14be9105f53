"""Loaded by schemathesis: keeps long polls short, asks for what is stored, and notes which operations succeeded.

`LEGIS_STORED` is a JSON object: for a path parameter, values of it that are stored. `LEGIS_SUCCEEDED` is a file that
gets the id of each operation whose reply was a success, once.
"""

import json
import os
import zlib
from pathlib import Path
from typing import Any

import hypothesis
import schemathesis

LONGEST_WAIT_SECONDS = 1

hypothesis.target = lambda observation, *, label="": observation
"""Without it half of the examples go into making accepted requests smaller, which finds nothing and takes nine tenths
of the processor time; schemathesis has no option for it. All examples are random requests this way."""

VALID_CHANGE: dict[str, str] = {}
"""The one change that every subscription accepts: of a webhook that was never confirmed neither state nor frequency can
be changed. Nearly every generated change names a state that does not exist.
"""

_stored: dict[str, list[str]] = json.loads(os.environ["LEGIS_STORED"])
_succeeded: set[str] = set()
_created: list[str] = []
"""Ids of subscriptions, the newest last; some are deleted since."""


@schemathesis.hook
def map_query(context: Any, query: dict[str, Any] | None) -> dict[str, Any] | None:
    """The query with a `wait` of one second at most; every other value of it stays, wrong ones too."""
    if query and type(query.get("wait")) is int and LONGEST_WAIT_SECONDS < query["wait"] <= 30:
        query["wait"] = LONGEST_WAIT_SECONDS
    return query


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: Any) -> None:
    """Half of the ids in paths are replaced by stored ones: an invented id finds nothing, and proves only a 404. Of
    subscriptions this is only done where they are changed, and half of the changes are then valid.
    """
    changing = {"subscription_id": _created[-20:]} if case.method in ("PATCH", "POST") else {}
    for name, value in (case.path_parameters or {}).items():
        body = case.body if isinstance(case.body, dict) else ""
        place, odd = divmod(zlib.crc32(f"{value} {body}".encode(errors="replace")), 2)
        if odd and (stored := _stored.get(name) or changing.get(name)):
            case.path_parameters[name] = stored[place % len(stored)]
            if case.method == "PATCH" and place % 2:
                case.body = VALID_CHANGE


@schemathesis.hook
def after_call(context: Any, case: Any, response: Any) -> None:
    """Notes the first success of an operation."""
    operation = case.operation.definition.raw["operationId"]
    if operation == "createSubscription" and response.status_code == 201:
        _created.append(response.json()["data"]["id"])
    if response.status_code < 300 and operation not in _succeeded:
        _succeeded.add(operation)
        with Path(os.environ["LEGIS_SUCCEEDED"]).open("a") as file:
            file.write(f"{operation}\n")
