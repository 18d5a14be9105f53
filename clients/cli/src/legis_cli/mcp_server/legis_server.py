"""The MCP server with its tools and resources."""

from importlib.resources import files
from inspect import cleandoc
from typing import Any

from legis_client import AsyncLegis
from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.tools import Tool
from mcp.types import ToolAnnotations

from legis_cli.mcp_server.api_reader import ApiReader
from legis_cli.mcp_server.bill_tools import BillTools
from legis_cli.mcp_server.bounded_answers import rendered
from legis_cli.mcp_server.record_tools import RecordTools
from legis_cli.mcp_server.tool_arguments import VOCABULARIES, words
from legis_cli.mcp_server.tool_refusals import refuse_unknown
from legis_cli.mcp_server.tool_searches import BillSearch, LegislatorSearch, flattened

NAME = "legis"
_READS = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=True)
_INSTRUCTIONS = (
    "Bills, votings, legislators and agenda of Brazil's National Congress (Câmara dos Deputados and Senado Federal). "
    "Answers are JSON with provenance; cite source_url. Texts that end in … were cut. Read the resource legis://guide "
    "first. / Proposições, votações, parlamentares e agenda do Congresso Nacional; cite source_url."
)


class LegisServer(MCPServer[Any]):
    """Refuses unknown arguments, which the library ignores: a misspelt filter must not widen a search."""

    async def call_tool(self, name: str, arguments: dict[str, Any], context: Any = None) -> Any:
        for tool in await self.list_tools():
            if tool.name == name:
                refuse_unknown(name, arguments, tool.input_schema)
        return await super().call_tool(name, arguments, context)


def legis_server(legis: AsyncLegis, base_url: str, version: str) -> LegisServer:
    """A server that reads the API behind this client. `base_url` is the API's address as answers tell it."""
    api = ApiReader(legis, base_url)
    bills, records = BillTools(api), RecordTools(api)
    functions = (
        flattened(bills.search_bills, BillSearch),
        bills.resolve_bill,
        bills.get_bill,
        bills.bill_journey,
        bills.bill_votes,
        records.vote_event,
        flattened(records.legislator, LegislatorSearch),
        records.agenda,
        records.changes,
        records.vocabulary,
    )
    server = LegisServer(
        NAME,
        title="Legis: Congresso Nacional",
        instructions=_INSTRUCTIONS,
        version=version,
        tools=[_tool(function) for function in functions],
        log_level="WARNING",
    )
    server.resource("legis://guide", title="Guide", mime_type="text/markdown")(guide)
    server.resource("legis://vocabulary", title="Vocabulary", mime_type="application/json")(vocabulary)
    return server


def guide() -> str:
    """How to use the tools, in Portuguese and English."""
    return files(__package__).joinpath("guide.md").read_text()


def vocabulary() -> str:
    """Every word that arguments take, by vocabulary."""
    return rendered({name: words(name) for name in VOCABULARIES})


def _tool(function: Any) -> Tool:
    """A tool whose answers are texts: with a structured answer each would be sent twice."""
    told = cleandoc(function.__doc__ or "")
    tool = Tool.from_function(function, description=told, annotations=_READS, structured_output=False)
    tool.parameters["additionalProperties"] = False
    return tool
