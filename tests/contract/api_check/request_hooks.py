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

NOT_STORED = "sub_none"
VALID_CHANGE = {"state": "PAUSED"}
"""Accepted for every stored subscription. Nearly every generated change names a state that does not exist."""

_stored: dict[str, list[str]] = json.loads(os.environ["LEGIS_STORED"])
_succeeded: set[str] = set()


@schemathesis.hook
def map_query(context: Any, query: dict[str, Any] | None) -> dict[str, Any] | None:
    """The query with a `wait` of one second at most; every other value of it stays, wrong ones too."""
    if query and type(query.get("wait")) is int and LONGEST_WAIT_SECONDS < query["wait"] <= 30:
        query["wait"] = LONGEST_WAIT_SECONDS
    return query


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: Any) -> None:
    """Half of the ids in paths are replaced by stored ones: an invented id finds nothing, and proves only a 404. Half
    of the changes of stored subscriptions are valid. What is stored is never deleted: others are to find it.
    """
    for name, value in (case.path_parameters or {}).items():
        stored = _stored.get(name, [])
        if case.method == "DELETE":
            if value in stored:
                case.path_parameters[name] = NOT_STORED
            continue
        body = case.body if isinstance(case.body, dict) else ""
        place, odd = divmod(zlib.crc32(f"{value} {body}".encode(errors="replace")), 2)
        if odd and stored:
            case.path_parameters[name] = stored[place % len(stored)]
            if case.method == "PATCH" and place % 2:
                case.body = VALID_CHANGE


@schemathesis.hook
def after_call(context: Any, case: Any, response: Any) -> None:
    """Notes the first success of an operation."""
    operation = case.operation.definition.raw["operationId"]
    if response.status_code < 300 and operation not in _succeeded:
        _succeeded.add(operation)
        with Path(os.environ["LEGIS_SUCCEEDED"]).open("a") as file:
            file.write(f"{operation}\n")
