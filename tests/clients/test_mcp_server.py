"""`legis mcp` against a running system, through the protocol's own client: tools, sizes, errors, both transports."""

import re
from pathlib import Path
from typing import Any

import httpx2
import pytest
from clients.changing_proxy import ChangingProxy
from clients.mcp_running import over_http, over_stdio, refused, told
from e2e.conftest import Legis as System
from legis_client import Legis
from mcp import Client

PAGE = Path(__file__).parents[2] / "docs/api/assistants.md"
LISTED = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
ASKED = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}


@pytest.fixture(scope="module")
def known(system: System) -> dict[str, Any]:
    """Records that tools are asked for."""
    with Legis(system.base_url) as legis:
        voting = legis.vote_events.search(nominal=True, limit=1, **{"from": "2000-01-01"}).first()["data"][0]
        person = legis.vote_events.get(voting["id"])["votes"][0]["legislator_id"]
        # the history of a bill is read after its row: the newest may have none yet
        newest = legis.bills.search(limit=50).first()["data"]
        bill = next(one for one in newest if legis.bills.journey(one["id"], limit=1).first()["data"])
    return {"voting": voting["id"], "person": person, "bill": bill["id"], "label": bill["identifier"]}


async def test_every_tool_answers_over_stdio(system: System, known: dict[str, Any]) -> None:
    calls: list[tuple[str, dict[str, Any]]] = [
        ("search_bills", {"q": "educação", "limit": 20}),
        ("resolve_bill", {"name": known["label"]}),
        ("get_bill", {"bill": known["label"]}),
        ("bill_journey", {"bill": known["bill"], "limit": 20}),
        ("bill_votes", {"bill": known["bill"]}),
        ("vote_event", {"id": known["voting"], "limit": 20}),
        ("legislator", {"q": "a", "limit": 20}),
        ("legislator", {"id": known["person"]}),
        ("legislator", {"id": known["person"], "section": "bills"}),
        ("legislator", {"id": known["person"], "section": "votes", "limit": 20}),
        ("agenda", {"from_day": "2000-01-01", "limit": 20}),
        ("changes", {"limit": 20}),
    ]
    async with over_stdio(system.base_url) as client:
        tools = (await client.list_tools()).tools
        assert {tool.name for tool in tools} == {name for name, _ in calls} | {"vocabulary"}
        for tool in tools:
            assert tool.annotations is not None
            assert tool.annotations.read_only_hint
            assert len((tool.description or "").split("\n\n")) == 2  # English, then Portuguese
        for name, arguments in calls:
            answer = await told(client, name, **arguments)
            assert {one["source"] for one in answer["provenance"]["freshness"]} == {"camara", "senado"}
            assert answer["provenance"]["api_url"].startswith(system.base_url)
            assert answer.get("items") or answer.get("item") or name == "bill_votes" or "bills" in arguments.values()
        words = await told(client, "vocabulary", name="bill_status")
        assert {"word": "ENACTED"} in words["items"]
        assert "ENACTED" in (await client.read_resource("legis://vocabulary")).model_dump_json()
        assert "source_url" in (await client.read_resource("legis://guide")).model_dump_json()


@pytest.fixture(scope="module")
def voted(system: System) -> dict[str, Any]:
    """A voting of one house, and the bill that was voted on as the other house has it; both are read whole or not."""
    with Legis(system.base_url) as legis:
        for one in legis.vote_events.search(limit=100, **{"from": "2000-01-01"}).first()["data"]:
            for bill in one["bills"]:
                records = legis.reply(f"bills/{bill['id']}/journey", limit=1)["bills"]
                if len(records) == 2:
                    return {"voting": one["id"], "bill": bill["id"], "other": records[1]["id"], "records": records}
    raise AssertionError("the sample has no voting on a bill of both houses")


async def test_a_bill_is_looked_for_in_both_houses(system: System, voted: dict[str, Any]) -> None:
    with Legis(system.base_url) as legis:
        log = legis.reply("changes", ids=f"{voted['bill']},{voted['other']}", after=0, limit=100)["data"]
        both = f"{voted['bill']},{voted['other']}"
        planned = legis.reply("events", bill=both, limit=20, **{"from": "2000-01-01"})["data"]
    told_whole = {one["id"]: one["read_whole"] for one in voted["records"]}
    async with over_stdio(system.base_url) as client:
        for name in (voted["bill"], voted["other"]):
            votings = await told(client, "bill_votes", bill=name, limit=20)
            assert voted["voting"] in [one["id"] for one in votings["items"]]
            agenda = await told(client, "agenda", bill=name, from_day="2000-01-01", limit=20)
            assert [one["id"] for one in agenda["items"]] == [one["id"] for one in planned][: len(agenda["items"])]
            changes = await told(client, "changes", bill=name, after=0, limit=20)
            assert [one["seq"] for one in changes["items"]] == [one["seq"] for one in log][: len(changes["items"])]
            for answer in (votings, agenda, changes):
                assert {one["id"]: one["read_whole"] for one in answer["bills"]} == told_whole
                assert "also" not in answer


async def test_an_answer_has_five_items_and_a_cursor(system: System) -> None:
    async with over_stdio(system.base_url) as client:
        first = await told(client, "search_bills", sort="introduced_on")
        second = await told(client, "search_bills", sort="introduced_on", cursor=first["next_cursor"])
    with Legis(system.base_url) as legis:
        ids = [one["id"] for one in legis.bills.search(sort="introduced_on", limit=10).first()["data"]]
    assert [one["id"] for one in (*first["items"], *second["items"])] == ids
    assert len(first["items"]) == 5
    assert first["count"] > 10


async def test_changes_are_read_on_to_the_head(system: System) -> None:
    async with over_stdio(system.base_url) as client:
        answer = await told(client, "changes", limit=20)
        seqs = [one["seq"] for one in answer["items"]]
        while answer["has_more"]:
            answer = await told(client, "changes", limit=20, after=answer["next_after"], epoch=answer["epoch"])
            seqs += [one["seq"] for one in answer["items"]]
    assert seqs == sorted(set(seqs))
    assert seqs[-1] <= answer["next_after"] == answer["provenance"]["as_of_seq"]


async def test_long_texts_are_cut_and_no_bill_is_left_out(proxy: ChangingProxy) -> None:
    proxy.changes = {b'"title":"': b'"title":"' + b"x" * 5000, b'"description":"': b'"description":"' + b"y" * 5000}
    ids: list[str] = []
    async with over_stdio(proxy.url) as client:
        answer = await told(client, "search_bills", sort="introduced_on", limit=20)
        for _ in range(3):
            ids += [one["id"] for one in answer["items"]]
            assert all(one["title"].endswith("x…") for one in answer["items"])
            answer = await told(client, "search_bills", sort="introduced_on", limit=20, cursor=answer["next_cursor"])
    proxy.changes = {}
    with Legis(proxy.url) as legis:
        every = [one["id"] for one in legis.bills.search(sort="introduced_on", limit=100).first()["data"]]
    assert ids == every[: len(ids)]


@pytest.mark.parametrize(
    ("tool", "arguments", "expected"),
    [
        ("search_bills", {"tipo": "PL"}, r"no argument 'tipo'.*allowed: q, type, year"),
        ("search_bills", {"statuss": "ENACTED"}, r"did you mean status\?"),
        ("search_bills", {"limit": 21}, r"less than or equal to 20"),
        ("search_bills", {"house": "ATLANTIS"}, r"house: .*Allowed: CAMARA, CONGRESSO, SENADO"),
        ("search_bills", {"status": "ENACTD"}, r"did you mean ENACTED\?; the tool vocabulary"),
        ("search_bills", {"sort": "title"}, r"'-last_action_at', 'last_action_at'"),
        ("search_bills", {"cursor": "x"}, r"cursor: .*take page.next_cursor"),
        ("get_bill", {}, r"bill\n.*Field required"),
        ("get_bill", {"bill": "camara-9"}, r"There is no bill camara-9.*ids look like camara-"),
        ("get_bill", {"bill": "PL 99999/2024"}, r"no bill is called 'PL 99999/2024'"),
        ("get_bill", {"bill": "uma lei"}, r"is not a label such as PL 2630/2020"),
        ("vote_event", {"id": "../../metrics"}, r"is no id; ids look like"),
        ("vote_event", {"id": "camara-vote-0"}, r"There is no voting camara-vote-0"),
        ("legislator", {"id": "camara-deputy-1", "q": "ana"}, r"leave q, party"),
        ("changes", {"after": 10**15}, r"beyond|head|epoch|log"),
        ("vocabulary", {"name": "colours"}, r"'house', 'bill_type'"),
        ("bills", {}, r"Unknown tool: bills"),
    ],
)
async def test_an_error_says_what_is_allowed(mcp_url: str, tool: str, arguments: dict[str, Any], expected: str) -> None:
    async with Client(mcp_url) as client:
        assert re.search(expected, await refused(client, tool, **arguments), re.DOTALL)


@pytest.fixture(scope="module")
def mcp_url(system: System) -> Any:
    """A server over HTTP that accepts one more host and origin."""
    options = ("--allowed-host", "mcp.example.org", "--allowed-origin", "https://chat.example.org")
    with over_http(system.base_url, *options) as url:
        yield url


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_old_and_new_protocols_are_spoken_over_http(mcp_url: str, mode: str) -> None:
    async with Client(mcp_url, mode=mode) as client:
        assert (await told(client, "search_bills", limit=2))["items"]
        assert "guia" in (await client.read_resource("legis://guide")).model_dump_json()


def test_only_post_from_known_hosts_and_origins_is_answered(mcp_url: str) -> None:
    def status(method: str = "POST", **headers: str) -> int:
        return httpx2.request(method, mcp_url, headers={**ASKED, **headers}, json=LISTED, timeout=30).status_code

    assert [status(method) for method in ("GET", "DELETE", "PUT")] == [405, 405, 405]
    assert status() == 200
    assert status(Host="evil.example.org") == 421
    assert status(Host="mcp.example.org") == 200
    assert status(Origin="https://evil.example.org") == 403
    assert status(Origin="https://chat.example.org") == 200


async def test_a_busy_or_absent_api_is_told(proxy: ChangingProxy) -> None:
    async with over_stdio(proxy.url) as client:
        proxy.refusals = [(429, "40")]
        assert "try again in 40 seconds" in await refused(client, "agenda")
        proxy.refusals = [(503, None), (503, None)]
        assert "cannot answer now" in await refused(client, "agenda")
    async with over_stdio("http://127.0.0.1:9") as client:
        assert "cannot answer now" in await refused(client, "agenda")


async def test_the_page_names_every_tool_and_no_other(mcp_url: str) -> None:
    named = set(re.findall(r"^\| .* \| `(\w+)`", PAGE.read_text(), re.MULTILINE))
    async with Client(mcp_url) as client:
        assert named == {tool.name for tool in (await client.list_tools()).tools}
