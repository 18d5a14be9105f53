"""Reads the API for tools: whole replies, lists that fit into an answer, and bills by any name."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from legis_client import AsyncLegis, LegisError
from mcp.server.mcpserver.exceptions import ToolError

from legis_cli.mcp_server.bounded_answers import MAX_ITEMS, Shape, listed, provenance, single
from legis_cli.mcp_server.tool_refusals import refusal

_BILL_ID = re.compile(r"[a-z]+-\d+")
_RECORD_ID = re.compile(r"[a-z]+(?:-[a-z0-9]+)+")
_KEPT = ("stage", "bills")
"""Members of a list's reply that answers have too: the stage that a bill is in; its records in both houses, and whether
they were read whole.
"""


@dataclass(frozen=True, slots=True)
class NamedBill:
    """The id of a bill. `others` are ids of further records with its name, such as that of the other house. `records`
    are its own in both houses, each with `read_whole`, where they were asked for.
    """

    id: str
    others: tuple[str, ...] = ()
    records: tuple[Mapping[str, Any], ...] = ()

    @property
    def ids(self) -> str:
        """The ids of its records in both houses, as a parameter of the API."""
        return ",".join(one["id"] for one in self.records) or self.id

    @property
    def told(self) -> dict[str, Any]:
        """What an answer tells about its records, and about others of its name."""
        records = [{name: one[name] for name in ("id", "read_whole")} for one in self.records]
        own = {one["id"] for one in records}
        others = [one for one in self.others if one not in own][:MAX_ITEMS]
        return ({"also": others} if others else {}) | ({"bills": records} if records else {})


def record_id(name: str) -> str:
    """The id, which becomes a part of an address. Raises ToolError for a text that is none."""
    if not _RECORD_ID.fullmatch(name):
        raise ToolError(f"{name[:80]!r} is no id; ids look like camara-vote-2345-12 or camara-deputy-204534")
    return name


class ApiReader:
    """The API behind a client. `base_url` is its address, as answers tell it."""

    def __init__(self, legis: AsyncLegis, base_url: str) -> None:
        self._legis = legis
        self._base = base_url.rstrip("/")

    async def reply(self, path: str, **query: Any) -> Any:
        """A whole reply of the API. Raises ToolError."""
        try:
            return await self._legis.reply(path, **query)
        except LegisError as error:
            raise refusal(error) from error

    def url(self, path: str, query: Mapping[str, Any]) -> str:
        """The address of a reply."""
        return self._base + self._legis.target(path, **query)

    async def list(
        self, path: str, shape: Shape, limit: int, more: Mapping[str, Any] | None = None, /, **query: Any
    ) -> str:
        """A list that fits into an answer, with the members `more`. If it does not, fewer items are requested, so that
        `next_cursor` continues behind the last one.
        """
        while True:
            asked = {**query, "limit": limit}
            reply = await self.reply(path, **asked)
            told = {
                **(more or {}),
                **{name: reply[name] for name in _KEPT if name in reply},
                "next_cursor": reply["page"].get("next_cursor"),
                "provenance": provenance(reply["meta"], self.url(path, asked)),
            }
            if count := reply["page"].get("count"):
                told["count"] = count["value"]
            text = listed([shape(item) for item in reply["data"]], told)
            if text is not None:
                return text
            limit = max(1, min(limit, len(reply["data"])) // 2)

    async def found(self, path: str, shape: Shape, **query: Any) -> str:
        """A list without pages; the first items, as many as fit into an answer, and `count` of all."""
        reply = await self.reply(path, **query)
        told = {"count": len(reply["data"]), "provenance": provenance(reply["meta"], self.url(path, query))}
        shown = [shape(item) for item in reply["data"][:MAX_ITEMS]]
        while (text := listed(shown, told)) is None:
            shown = shown[: len(shown) // 2]
        return text

    async def one(self, path: str, shape: Shape, more: Mapping[str, Any] | None = None, /, **query: Any) -> str:
        """A single thing that fits into an answer, with the members `more`."""
        reply = await self.reply(path, **query)
        source = provenance(reply["meta"], self.url(path, query), reply["data"]["change_seq"])
        return single(shape(reply["data"]), {**(more or {}), "provenance": source})

    async def bill(self, name: str) -> NamedBill:
        """The bill with this name. Raises ToolError if there is none."""
        if _BILL_ID.fullmatch(name):
            return NamedBill(name)
        found = (await self.reply("resolve", q=name))["data"]
        if not found:
            raise ToolError(f"no bill is called {name!r}; write a label with its year such as PL 2630/2020, or an id")
        return NamedBill(found[0]["id"], tuple(one["id"] for one in found[1:]))

    async def bill_in_both_houses(self, name: str) -> NamedBill:
        """The bill with this name and its records in both houses. Raises ToolError if there is none."""
        named = await self.bill(name)
        reply = await self.reply(f"bills/{named.id}/journey", limit=1)
        return replace(named, records=tuple(reply["bills"]))
