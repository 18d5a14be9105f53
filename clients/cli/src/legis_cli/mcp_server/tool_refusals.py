"""Errors of the MCP tools: what was wrong with a call, and what is allowed instead."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from legis_client import ApiError, LegisError, NotFound, RateLimited, Unavailable
from mcp.server.mcpserver.exceptions import ToolError

_IDS = (
    "ids look like camara-2256735 or senado-138372; resolve_bill finds the id of a label such as PL 2630/2020, and "
    "search_bills, legislator and agenda give ids too"
)
_NO_WORD = "is no value of it"
_ARGUMENTS = {"chamber": "house", "from": "from_day", "to": "to_day", "ids": "bill"}
"""Arguments of tools by the names of the API's parameters, where they differ."""


def refusal(error: LegisError) -> ToolError:
    """The error of a tool for an error of the API."""
    if isinstance(error, NotFound):
        return ToolError(f"{error.problem.get('detail') or error}; {_IDS}")
    if isinstance(error, RateLimited):
        return ToolError(f"too many requests; try again in {error.retry_after or 60:g} seconds")
    if isinstance(error, Unavailable) or not isinstance(error, ApiError):
        return ToolError(f"the API cannot answer now; try again in a minute ({error})")
    told = [_line(one) for one in error.problem.get("errors") or ()]
    return ToolError("; ".join(told) if told else str(error))


def refuse_unknown(name: str, arguments: Iterable[str], schema: Mapping[str, Any]) -> None:
    """Raises ToolError for an argument that the tool does not have: the protocol's library would ignore it."""
    known = list(schema.get("properties", {}))
    unknown = [one for one in arguments if one not in known]
    if not unknown:
        return
    near = get_close_matches(unknown[0], known, n=1)
    meant = f"; did you mean {near[0]}?" if near else ""
    raise ToolError(f"{name} has no argument {unknown[0]!r}{meant}; allowed: {', '.join(known) or 'none'}")


def _line(error: Mapping[str, Any]) -> str:
    name, detail = error.get("parameter") or "request", error.get("detail") or "is not allowed"
    listed = _NO_WORD not in detail or "Allowed:" in detail
    more = "" if listed else "; the tool vocabulary lists the words"
    return f"{_ARGUMENTS.get(name, name)}: {detail}{more}"
