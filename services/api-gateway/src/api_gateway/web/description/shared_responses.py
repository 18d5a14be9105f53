"""Error replies are the same for every operation: each stands once in the components and is referred to."""

from http import HTTPStatus
from typing import Any

from legis.service.problems import PROBLEM_JSON

_EXTRA_NAMES = {"413": "BodyNotTaken", "414": "AddressTooLong"}
"""Names that do not change with the wording of Python's own list of statuses."""


def share_problems(paths: dict[str, Any]) -> dict[str, Any]:
    """Replaces each problem reply by a reference; returns the components by name."""
    shared: dict[str, Any] = {}
    for item in paths.values():
        for operation in item.values():
            for status, response in operation["responses"].items():
                content = response.get("content", {})
                if int(status) < 400 or PROBLEM_JSON not in content:
                    continue
                content[PROBLEM_JSON] = content.pop("application/json", content[PROBLEM_JSON])
                name = _name(status)
                shared.setdefault(name, response)
                operation["responses"][status] = {"$ref": f"#/components/responses/{name}"}
    return dict(sorted(shared.items()))


def _name(status: str) -> str:
    return _EXTRA_NAMES.get(status) or HTTPStatus(int(status)).phrase.title().replace(" ", "")
