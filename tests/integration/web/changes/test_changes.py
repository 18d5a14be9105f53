"""The change log as readers follow it, and records as they were."""

import asyncio
import time
from typing import Any
from xml.etree import ElementTree

import asyncpg
import httpx2
import pytest
from api_gateway.documents.models import Change
from api_gateway.store.reconciliation.removal import mark_removed
from api_gateway.web.responses import filtered_changes
from integration.web.events import events_of
from legis.domain.bill import Action, VoteCounts, VoteEvent
from legis.domain.vocabulary import ActionKind, BillStatus

Client = httpx2.AsyncClient
ATOM = "{http://www.w3.org/2005/Atom}"


async def last_seq(api: Client) -> int:
    after = 0
    while True:
        page = (await api.get("/api/v1/changes", params={"after": after, "limit": 100})).json()["page"]
        if page["next_after"] == after:
            return after
        after = page["next_after"]


async def test_a_reader_sees_every_change_once_and_in_order(api: Client, store: Any, make_bill: Any) -> None:
    await store([make_bill(number, upstream_id=f"1{number:03}") for number in range(1, 31)])
    await store([make_bill(5, upstream_id="1005", status=BillStatus.APPROVED)])
    after, seen = 0, []
    while True:
        body = (await api.get("/api/v1/changes", params={"after": after, "limit": 7})).json()
        seen += [Change.model_validate(entry) for entry in body["data"]]
        if not body["data"]:
            break
        after = body["page"]["next_after"]
    assert [change.seq for change in seen] == list(range(1, len(seen) + 1))
    assert seen[-1].kind == "MOVED"
    assert {c.field: (c.old, c.new) for c in seen[-1].changes}["status"] == ("IN_COMMITTEE", "APPROVED")


async def test_filtered_changes_move_on_even_where_nothing_matches(api: Client, store: Any, make_bill: Any) -> None:
    await store([make_bill(1, upstream_id="2001", type_code="PEC"), make_bill(2, upstream_id="2002")])
    end = await last_seq(api)
    some = (await api.get("/api/v1/changes", params={"type": "PEC", "limit": 100})).json()
    assert {entry["bill_id"] for entry in some["data"]} == {"camara-2001"}
    assert some["page"]["next_after"] == end
    none = (await api.get("/api/v1/changes", params={"type": "MPV"})).json()
    assert none["data"] == []
    assert none["page"]["next_after"] == end
    assert none["page"]["has_more"] is False


async def test_filtered_pages_join_up_without_gap_or_repetition(api: Client, store: Any, make_bill: Any) -> None:
    await store([make_bill(number, upstream_id=f"25{number:02}") for number in range(1, 12)])
    end = await last_seq(api)
    after, seen = 0, []
    while after < end:
        body = (await api.get("/api/v1/changes", params={"chamber": "CAMARA", "after": after, "limit": 4})).json()
        seen += [entry["seq"] for entry in body["data"]]
        assert body["page"]["next_after"] > after
        after = body["page"]["next_after"]
    assert seen == list(range(1, end + 1))


async def test_a_filtered_page_looks_at_some_entries_and_says_where_to_go_on(
    api: Client, store: Any, make_bill: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filtered_changes, "ENTRIES_LOOKED_AT", 4)
    start, year = await last_seq(api), 1999
    bills = [make_bill(n, upstream_id=f"27{n}", year=year if n in (15, 27, 35) else 2025) for n in range(10, 38)]
    await store(bills)
    await store([make_bill(27, upstream_id="2727", year=year, status=BillStatus.APPROVED)])
    end = await last_seq(api)
    after, seen, asked = start, [], 0
    while after < end:
        body = (await api.get("/api/v1/changes", params={"year": year, "after": after, "limit": 2})).json()
        seen += body["data"]
        assert after < body["page"]["next_after"] <= after + 4
        after, asked = body["page"]["next_after"], asked + 1
    assert [entry["bill_id"] for entry in seen] == [f"camara-27{n}" for n in (15, 27, 35, 27)]
    assert body["page"]["has_more"] is False
    assert asked == 8, "29 entries, four at a time"


async def test_a_change_matches_by_what_the_bill_was_before_it_or_is_after_it(
    api: Client, store: Any, make_bill: Any, module_database_url: str
) -> None:
    start = await last_seq(api)

    def state(**claims: Any) -> Any:
        return make_bill(1, upstream_id="2900", **claims)

    await store([state(title="Merenda")])
    await store([state(title="Merenda", status=BillStatus.APPROVED)])
    await store([state(title="Transporte", status=BillStatus.APPROVED)])
    await store([state(title="Transporte", status=BillStatus.ENACTED)])
    async with asyncpg.create_pool(module_database_url, min_size=0, max_size=1) as pool:
        await mark_removed(pool, ["camara-2900"])
    await store([state(title="Transporte", status=BillStatus.ENACTED)])
    kinds = ["CREATED", "MOVED", "EDITED", "MOVED", "REMOVED", "CORRECTED"]

    async def matching(**asked: Any) -> list[int]:
        body = (await api.get("/api/v1/changes", params={"after": start, **asked})).json()
        assert body["page"]["next_after"] == start + 6
        assert [entry["kind"] for entry in body["data"]] == [kinds[entry["seq"] - start - 1] for entry in body["data"]]
        return [entry["seq"] - start for entry in body["data"]]

    assert await matching() == [1, 2, 3, 4, 5, 6]
    assert await matching(q="merenda") == [1, 2, 3], "the third takes it out of the filter"
    assert await matching(q="transporte") == [3, 4, 5, 6]
    assert await matching(q="-merenda") == [3, 4, 5, 6]
    assert await matching(status="IN_COMMITTEE") == [1, 2]
    assert await matching(status="APPROVED") == [2, 3, 4]
    assert await matching(status="APPROVED", q="merenda") == [2, 3], "in one state, not one here and one there"
    assert await matching(status="ENACTED") == [4, 5, 6]
    assert await matching(q="nada") == []
    assert await matching(ids="camara-2900") == [1, 2, 3, 4, 5, 6]


async def test_the_feed_and_the_stream_tell_of_a_bill_that_leaves_a_filter(
    api: Client, store: Any, make_bill: Any
) -> None:
    await store([make_bill(1, upstream_id="2950", authors=[("Ana", "PSTU", "SP")])])
    start = await last_seq(api)
    async with api.stream("GET", f"/api/v1/changes/stream?party=PSTU&after={start}") as reply:
        lines = reply.aiter_lines()
        await store([make_bill(1, upstream_id="2950", authors=[("Ana", "PT", "SP")])])
        await store([make_bill(1, upstream_id="2950", authors=[("Ana", "PT", "SP")], title="Já fora.")])
        await store([make_bill(2, upstream_id="2951", authors=[("Ana", "PSTU", "SP")])])
        _, *events = await asyncio.wait_for(events_of(lines, 3), 60)
    assert [event["id"].rpartition(".")[2] for event in events] == [str(start + 1), str(start + 3)]
    feed = ElementTree.fromstring((await api.get("/api/v1/feeds/bills.atom?party=PSTU&kind=CREATED,EDITED")).content)
    found = [entry.findtext(f"{ATOM}id") for entry in feed.findall(f"{ATOM}entry")]
    assert found == ["urn:x-legis:bill:camara-2951:1", "urn:x-legis:bill:camara-2950:2"]
    listed = (await api.get("/api/v1/bills?party=PSTU")).json()["data"]
    assert [bill["id"] for bill in listed] == ["camara-2951"]


async def test_the_changes_of_named_bills_are_found(api: Client, store: Any, make_bill: Any) -> None:
    await store([make_bill(n, upstream_id=f"28{n:02}") for n in range(1, 15)])
    body = (await api.get("/api/v1/changes", params={"ids": "camara-2803,camara-2812", "after": 0})).json()
    assert [entry["bill_id"] for entry in body["data"]] == ["camara-2803", "camara-2812"]
    assert body["page"]["next_after"] == await last_seq(api)
    assert body["page"]["has_more"] is False


async def test_waiting_ends_with_the_change_and_not_before(api: Client, store: Any, make_bill: Any) -> None:
    end = await last_seq(api)
    started = time.monotonic()
    empty = await api.get("/api/v1/changes", params={"after": end, "wait": 1})
    assert empty.json()["data"] == []
    assert 0.9 < time.monotonic() - started < 10
    waiting = asyncio.create_task(api.get("/api/v1/changes", params={"after": end, "wait": 30}))
    await asyncio.sleep(0.3)
    assert not waiting.done()
    await store([make_bill(1, upstream_id="3001")])
    reply = await asyncio.wait_for(waiting, 60)
    assert [entry["bill_id"] for entry in reply.json()["data"]] == ["camara-3001"]
    assert reply.headers["cache-control"] == "no-store"


async def test_the_stream_resumes_and_goes_on(api: Client, store: Any, make_bill: Any) -> None:
    await store([make_bill(n, upstream_id=f"400{n}") for n in (1, 2, 3)])
    end = await last_seq(api)
    headers = {"Last-Event-ID": str(end - 2)}
    async with api.stream("GET", "/api/v1/changes/stream", headers=headers) as reply:
        assert reply.headers["content-type"].startswith("text/event-stream")
        lines = reply.aiter_lines()
        place, *missed = await asyncio.wait_for(events_of(lines, 3), 60)
        epoch = place["id"].partition(".")[0]
        assert [event["id"] for event in missed] == [f"{epoch}.{end - 1}", f"{epoch}.{end}"]
        await store([make_bill(4, upstream_id="4004")])
        (fresh,) = await asyncio.wait_for(events_of(lines, 1), 60)
        assert fresh["id"] == f"{epoch}.{end + 1}"
        assert Change.model_validate_json(fresh["data"]).bill_id == "camara-4004"


async def test_a_stream_ends_when_the_process_drains(serve: Any) -> None:
    async with serve() as client:
        async with client.stream("GET", "/api/v1/changes/stream?after=0") as reply:
            lines = reply.aiter_lines()
            await anext(lines)
            client.app.state.health.drain()
            async with asyncio.timeout(60):
                async for _ in lines:
                    continue
        assert (await client.get("/api/health/ready")).status_code == 503
        assert (await client.get("/api/health/live")).status_code == 200


async def test_as_of_folds_back_to_what_was_known(api: Client, store: Any, make_bill: Any) -> None:
    await store([make_bill(77, upstream_id="5000", title="Primeira ementa.")])
    first = (await api.get("/api/v1/bills/camara-5000")).json()["data"]
    await store([make_bill(77, upstream_id="5000", title="Segunda ementa.", status=BillStatus.APPROVED)])
    second = (await api.get("/api/v1/bills/camara-5000")).json()["data"]
    await store([make_bill(77, upstream_id="5000", title="Terceira ementa.", status=BillStatus.ENACTED)])

    async def as_of(at: str) -> Any:
        reply = await api.get("/api/v1/bills/camara-5000", params={"as_of": at})
        return reply.json()["data"] if reply.status_code == 200 else reply.status_code

    volatile = ("provenance", "counterparts", "extras")
    for then in (first, second):
        folded = await as_of(then["changed_at"])
        assert {k: v for k, v in folded.items() if k not in volatile} == {
            k: v for k, v in then.items() if k not in volatile
        }
    assert (await as_of("2999-01-01"))["title"] == "Terceira ementa."
    assert await as_of("2001-01-01") == 404


async def test_versions_tell_what_changed(api: Client, store: Any, make_bill: Any) -> None:
    for title in ("Um.", "Dois.", "Três."):
        await store([make_bill(6, upstream_id="6000", title=title)])
    first = (await api.get("/api/v1/bills/camara-6000/versions", params={"limit": 2})).json()
    rest = (await api.get(first["page"]["next"])).json()
    versions = [Change.model_validate(entry) for entry in first["data"] + rest["data"]]
    assert [v.version for v in versions] == [1, 2, 3]
    assert [c.new for c in versions[2].changes if c.field == "title"] == ["Três."]
    newest = (await api.get("/api/v1/bills/camara-6000/versions", params={"limit": 2, "sort": "-version"})).json()
    older = (await api.get(newest["page"]["next"])).json()
    assert [one["version"] for one in newest["data"] + older["data"]] == [3, 2, 1]
    assert older["page"]["next"] is None
    assert rest["page"]["next"] is None
    assert (await api.get("/api/v1/bills/camara-0/versions")).status_code == 404


async def test_actions_and_votes_page_oldest_first(api: Client, store: Any, make_bill: Any) -> None:
    kinds = (ActionKind.INTRODUCED, ActionKind.VOTED, ActionKind.REFERRED, ActionKind.VOTED, ActionKind.APPROVED)
    actions = tuple(
        Action(date=None, order=place, kind=kind, description=f"Passo {place}") for place, kind in enumerate(kinds, 1)
    )
    vote = VoteEvent(upstream_id="v1", date=None, description="Votação", counts_published=VoteCounts(yes=3, no=1))
    await store([make_bill(7, upstream_id="7000", actions=actions, vote_events=(vote,))])
    base = "/api/v1/bills/camara-7000"
    first = (await api.get(f"{base}/actions", params={"limit": 3})).json()
    rest = (await api.get(first["page"]["next"])).json()
    assert [a["order"] for a in first["data"] + rest["data"]] == [1, 2, 3, 4, 5]
    assert rest["page"]["next_cursor"] is None
    voted = (await api.get(f"{base}/actions", params={"kind": "VOTED,APPROVED", "limit": 2})).json()
    more = (await api.get(voted["page"]["next"])).json()
    assert [a["order"] for a in voted["data"] + more["data"]] == [2, 4, 5]
    votes = (await api.get(f"{base}/votes")).json()["data"]
    assert votes[0]["counts"]["yes"] == 3
    assert (await api.get("/api/v1/bills/camara-0/actions")).status_code == 404
    assert (await api.get("/api/v1/bills/camara-6000/votes")).json()["data"] == []


async def test_the_feed_is_well_formed_and_filtered(api: Client, store: Any, make_bill: Any) -> None:
    await store([make_bill(8, upstream_id="8000", type_code="MPV", title="Juros & <prazos>\x0b de mora")])
    reply = await api.get("/api/v1/feeds/bills.atom", params={"type": "MPV", "kind": "CREATED,EDITED"})
    assert reply.headers["content-type"].startswith("application/atom+xml")
    feed = ElementTree.fromstring(reply.content)
    (entry,) = feed.findall(f"{ATOM}entry")
    title = entry.findtext(f"{ATOM}title") or ""
    assert title.startswith("MPV 8/2024")
    assert "Juros & <prazos>" in title
    ids = {entry.findtext(f"{ATOM}id")}
    await store([make_bill(8, upstream_id="8000", type_code="MPV", title="Outra ementa")])
    again = ElementTree.fromstring((await api.get("/api/v1/feeds/bills.atom?type=MPV&kind=CREATED,EDITED")).content)
    ids |= {found.findtext(f"{ATOM}id") for found in again.findall(f"{ATOM}entry")}
    assert len(ids) == 2


async def test_versions_are_readable(api: Client, store: Any, make_bill: Any) -> None:
    for title in ("Dispõe sobre a merenda *escolar*.", "Dispõe sobre a saúde *escolar*.", "Dispõe sobre o ensino."):
        await store([make_bill(8, upstream_id="88000", title=title)])
    address = "/api/v1/bills/camara-88000/versions"
    second = (await api.get(address)).json()["data"][1]
    assert second["changes"][0]["diff"] == [
        {"op": "equal", "text": "Dispõe sobre a"},
        {"op": "delete", "text": "merenda"},
        {"op": "insert", "text": "saúde"},
        {"op": "equal", "text": "*escolar*."},
    ]
    reply = await api.get(address, params={"format": "markdown", "limit": "2"})
    assert reply.headers["content-type"].startswith("text/markdown")
    assert r"- **title**: Dispõe sobre a ~~merenda~~ **saúde** \*escolar\*." in reply.text
    assert reply.text.count("\n## Version") == 2
    rest = await api.get(reply.links["next"]["url"])
    assert "## Version 3" in rest.text
    assert "Next:" not in rest.text
    again = await api.get(
        address, params={"format": "markdown", "limit": "2"}, headers={"If-None-Match": reply.headers["etag"]}
    )
    assert again.status_code == 304
    assert (await api.get(address, params={"format": "csv"})).status_code == 400
