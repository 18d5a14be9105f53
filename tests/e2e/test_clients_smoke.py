"""One call of each client to a running system; all that they promise is tried by `make clients-test`."""

import json
import subprocess
import sys

from clients.node_tools import built_client, run_node
from e2e.conftest import Legis as System
from legis_client import Legis
from mcp import Client, StdioServerParameters


def test_the_python_client_finds_a_bill(legis: System) -> None:
    with Legis(legis.base_url) as client:
        found = next(iter(client.bills.search(limit=1)))
        assert client.bills.get(found["id"])["identifier"] == found["identifier"]


def test_the_typescript_client_compiles_and_finds_a_bill(legis: System) -> None:
    built_client()
    code = """
        import { Legis } from "./dist/index.js";
        const legis = new Legis({ baseUrl: process.env.LEGIS_URL });
        const { value: found } = await legis.bills({ limit: 1 }).next();
        console.log((await legis.bill(found.id)).id === found.id);
    """
    assert run_node("--input-type=module", "--eval", code, LEGIS_URL=legis.base_url) == "true\n"


def test_the_command_line_finds_a_bill(legis: System) -> None:
    command = [sys.executable, "-m", "legis_cli", "--url", legis.base_url, "bills", "--limit", "1"]
    found = subprocess.run(command, capture_output=True, text=True, check=True, timeout=240).stdout
    assert json.loads(found)["id"]


async def test_an_assistant_finds_a_bill(legis: System) -> None:
    command = ["-m", "legis_cli", "--url", legis.base_url, "mcp"]
    async with Client(StdioServerParameters(command=sys.executable, args=command)) as assistant:
        answer = await assistant.call_tool("search_bills", {"limit": 1})
    assert not answer.is_error
    assert json.loads(answer.content[0].text)["items"][0]["id"]  # type: ignore[union-attr]
