"""The change log, its stream and the feed by kind of change and by changed field."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import asyncpg
import httpx2
import orjson
import pytest
from api_gateway.documents.models import Change
from api_gateway.store.changes import change_filter, change_reader
from api_gateway.store.reconciliation.removal import mark_removed
from api_gateway.web.routes import changes
from integration.web.events import events_of
from legis.domain.bill import Action
from legis.domain.vocabulary import ActionKind, BillStatus

Client = httpx2.AsyncClient
PATH, FEED = "/api/v1/changes", "/api/v1/feeds/bills.atom"
ATOM = "{http://www.w3.org/2005/Atom}"
ENTRIES = [
    ("created", "CREATED"), ("moved", "MOVED"), ("edited", "EDITED"), ("read", "READ"), ("removed", "REMOVED"),
    ("back", "CORRECTED"), ("back and moved", "MOVED"),
]  # fmt: skip


async def some_changes(store: Any, make_bill: Any, pool: Any, key: str, **more: Any) -> None:
    """The entries of ENTRIES, one bill's."""

    def state(**claims: Any) -> Any:
        return make_bill(1, upstream_id=key, **{"title": "Merenda", **claims, **more})

    await store([state()])
    await store([state(status=BillStatus.APPROVED)])
    await store([state(status=BillStatus.APPROVED, title="Transporte")])
    action = Action(date=None, kind=ActionKind.INTRODUCED)
    await store([state(status=BillStatus.APPROVED, title="Transporte", actions=(action,))])
    await mark_removed(pool, [f"camara-{key}"])
    await store([state(status=BillStatus.APPROVED, title="Transporte", actions=(action,))])
    await store([state(status=BillStatus.VETOED, title="Transporte", actions=(action,))])


@pytest.fixture(scope="module")
async def pool(module_database_url: str) -> Any:
    async with asyncpg.create_pool(module_database_url, min_size=0, max_size=1) as opened:
        yield opened


async def head(api: Client) -> int:
    return int((await api.get(PATH, params={"limit": 1})).json()["page"]["head"])


async def test_changes_by_kind_and_by_field(api: Client, store: Any, make_bill: Any, pool: Any) -> None:
    start = await head(api)
    await some_changes(store, make_bill, pool, "100")

    async def matching(**asked: Any) -> list[int]:
        body = (await api.get(PATH, params={"after": start, **asked})).json()
        assert body["page"]["next_after"] == start + 7
        for entry in body["data"]:
            told = Change.model_validate(entry)
            assert told.subject.model_dump() == {"type": "bill", "id": told.bill_id}
            assert told.kind == ENTRIES[told.seq - start - 1][1]
        return [entry["seq"] - start for entry in body["data"]]

    assert await matching() == [1, 2, 3, 4, 5, 6, 7]
    assert await matching(kind="MOVED") == [2, 7]
    assert await matching(kind="moved,created") == [1, 2, 7]
    assert await matching(kind=["REMOVED", "CORRECTED"]) == [5, 6]
    assert await matching(kind="-READ") == [1, 2, 3, 5, 6, 7]
    assert await matching(kind="-READ,-MOVED") == [1, 3, 5, 6]
    assert await matching(field="status") == [2, 7]
    assert await matching(field="title,actions") == [3, 4]
    assert await matching(field="-status") == [1, 3, 4, 5, 6], "entries that tell of no field are not of that one"
    assert await matching(field="removed_at") == [6]
    assert await matching(kind="MOVED", field="title") == []
    # with a filter on the bill: each state is found by going back over the entries that are left out, too
    assert await matching(kind="MOVED", q="merenda") == [2]
    assert await matching(kind="MOVED", status="APPROVED") == [2, 7]
    assert await matching(kind="MOVED", status="IN_COMMITTEE") == [2]
    assert await matching(kind="MOVED,EDITED", q="transporte") == [3, 7]
    assert await matching(kind="-MOVED", status="VETOED") == []
    assert await matching(field="actions", q="transporte") == [4]


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ({"kind": "UPDATED"}, "kind"),
        ({"kind": ""}, "kind"),
        ({"field": "stats"}, "field"),
        ({"field": "extras"}, "field"),
        ({"field": "counterpart_hints"}, "field"),
    ],
)
async def test_what_is_no_kind_and_no_field_is_said(api: Client, asked: dict[str, str], name: str) -> None:
    for path in (PATH, f"{PATH}/stream", FEED):
        reply = await api.get(path, params=asked)
        assert reply.status_code == 400
        assert [one["parameter"] for one in reply.json()["errors"]] == [name]


async def test_a_page_of_a_kind_passes_over_so_many_entries_at_most(
    api: Client, store: Any, make_bill: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(change_reader, "ENTRIES_PASSED", 5)
    monkeypatch.setattr(changes, "LOOK_SECONDS", 30)
    start = await head(api)
    await store([make_bill(number, upstream_id=f"2{number}") for number in range(10, 21)])
    await store([make_bill(12, upstream_id="212", status=BillStatus.APPROVED)])
    end, after, seen = start + 12, start, []
    while after < end:
        body = (await api.get(PATH, params={"kind": "MOVED", "after": after})).json()
        assert after < body["page"]["next_after"] <= after + 5
        after = body["page"]["next_after"]
        assert body["page"]["has_more"] is (after < end)
        seen += [entry["seq"] for entry in body["data"]]
    assert seen == [end]
    # nothing announced ends a wait early
    monkeypatch.setattr(api.app.state.resources.data_version, "wait_for_change", asyncio.sleep)  # type: ignore[attr-defined]
    waited = (await api.get(PATH, params={"kind": "MOVED", "after": start, "wait": 3})).json()
    assert [entry["seq"] for entry in waited["data"]] == [end], "who waits is not made to wait where more is there"
    async with api.stream("GET", f"{PATH}/stream?kind=MOVED&after={start}") as reply:
        _, event = await asyncio.wait_for(events_of(reply.aiter_lines(), 2), 60)
    assert event["id"].endswith(f".{end}")


async def test_the_stream_by_kind(api: Client, store: Any, make_bill: Any) -> None:
    start = await head(api)
    async with api.stream("GET", f"{PATH}/stream?kind=MOVED&field=status&after={start}") as reply:
        lines = reply.aiter_lines()
        await store([make_bill(1, upstream_id="300")])
        await store([make_bill(1, upstream_id="300", title="Outra")])
        await store([make_bill(1, upstream_id="300", title="Outra", status=BillStatus.APPROVED)])
        _, event = await asyncio.wait_for(events_of(lines, 2), 60)
    assert event["id"].endswith(f".{start + 3}")
    assert orjson.loads(event["data"])["kind"] == "MOVED"


async def feed(api: Client, query: str) -> list[tuple[str, str]]:
    """Ids and kinds of a feed's entries."""
    root = ElementTree.fromstring((await api.get(f"{FEED}?{query}")).content)
    scheme = "urn:x-legis:change-kind"
    found = []
    for entry in root.findall(f"{ATOM}entry"):
        (kind,) = [one.get("term") for one in entry.findall(f"{ATOM}category") if one.get("scheme") == scheme]
        found.append((entry.findtext(f"{ATOM}id", "").removeprefix("urn:x-legis:bill:"), kind or ""))
    return found


async def test_a_summary_names_logged_fields_alone(api: Client, store: Any, make_bill: Any) -> None:
    people = {"authors": [("Ana", "PSDC", "SP")]}
    await store([make_bill(1, upstream_id="450", **people)])
    moved = {"status": BillStatus.APPROVED, "moved": datetime(2026, 11, 2, tzinfo=UTC)}
    await store([make_bill(1, upstream_id="450", extras={"lido": "2"}, title="Dispõe  sobre", **moved, **people)])
    for query in ("party=PSDC&kind=MOVED", "kind=MOVED"):
        root = ElementTree.fromstring((await api.get(f"{FEED}?{query}")).content)
        told = root.findtext(f"{ATOM}entry/{ATOM}summary", "").split(" – ")
        assert set(told[1].removeprefix("mudou: ").split(", ")) == {"situação", "última tramitação", "ementa"}


async def test_the_feed_tells_movement(api: Client, store: Any, make_bill: Any, pool: Any) -> None:
    today = datetime.now(UTC).date()
    people = {"authors": [("Ana", "PSTU", "SP")]}
    await store([make_bill(1, upstream_id="400", **people)])
    assert await feed(api, "party=PSTU") == [], "an old bill that is met for the first time is no news"
    await store([make_bill(2, upstream_id="401", introduced=today - timedelta(days=29), **people)])
    assert await feed(api, "party=PSTU") == [("camara-401:1", "CREATED")]
    await store([make_bill(1, upstream_id="400", title="Outra", **people)])
    assert await feed(api, "party=PSTU") == [("camara-401:1", "CREATED")], "an edit is none"
    await store([make_bill(1, upstream_id="400", title="Outra", status=BillStatus.APPROVED, **people)])
    await store([make_bill(1, upstream_id="400", title="Mais", status=BillStatus.APPROVED, **people)])
    assert await feed(api, "party=PSTU") == [("camara-400:3", "MOVED"), ("camara-401:1", "CREATED")]
    await mark_removed(pool, ["camara-401"])
    await store([make_bill(3, upstream_id="402", **people)])
    assert await feed(api, "party=PSTU") == [("camara-401:2", "REMOVED"), ("camara-400:3", "MOVED")]
    assert await feed(api, "party=PSTU&kind=EDITED") == [("camara-400:4", "EDITED")]
    assert await feed(api, "party=PSTU&kind=CREATED") == [
        ("camara-402:1", "CREATED"), ("camara-401:1", "CREATED"), ("camara-400:1", "CREATED")
    ]  # fmt: skip
    assert await feed(api, "party=PSTU&field=title") == []
    assert await feed(api, "party=PSTU&kind=-READ&field=title") == [("camara-400:4", "EDITED")]
    assert (await feed(api, "limit=2"))[:2] == [("camara-401:2", "REMOVED"), ("camara-400:3", "MOVED")]


async def test_a_movement_long_ago_is_in_the_feed_of_its_bill(
    api: Client, store: Any, make_bill: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Behind more entries than are looked at, those of the bills that match are found by bill."""
    await store([make_bill(1, upstream_id="500", subjects=["Pesca"])])
    await store([make_bill(1, upstream_id="500", subjects=["Pesca"], status=BillStatus.APPROVED)])
    await store([make_bill(number, upstream_id=f"5{number}") for number in range(10, 20)])
    await store([make_bill(n, upstream_id=f"5{n}", status=BillStatus.APPROVED) for n in range(10, 20)])
    monkeypatch.setattr("api_gateway.web.responses.feeds.feed_entries.ENTRIES_LOOKED_AT", 4)
    assert await feed(api, "subject=pesca") == [("camara-500:2", "MOVED")]
    assert len(await feed(api, "kind=MOVED")) == 4


async def as_before_kinds(pool: Any, seq: int, kind: str) -> None:
    """Makes an entry what the release before wrote."""
    row = await pool.fetchrow("SELECT document, before FROM bill_change WHERE seq = $1", seq)
    document, before = orjson.loads(row["document"]), orjson.loads(row["before"])
    del document["subject"]
    document["kind"] = kind
    document["changes"] = [
        {name: value for name, value in change.items() if name != "kind"}
        for change in document["changes"]
        if change["field"] != "removed_at"
    ]
    before.pop("removed_at", None)
    await pool.execute(
        "UPDATE bill_change SET kind = $2, document = $3, before = $4, movement = false WHERE seq = $1",
        seq, kind, orjson.dumps(document), orjson.dumps(before),
    )  # fmt: skip


@pytest.mark.parametrize(("key", "old"), [("700", False), ("701", True)])
async def test_before_it_came_back_it_was_not_listed(
    api: Client, store: Any, make_bill: Any, pool: Any, key: str, old: bool
) -> None:
    """A filter that it matched only while it was removed does not tell of its return."""
    start = await head(api)
    await store([make_bill(1, upstream_id=key)])
    await mark_removed(pool, [f"camara-{key}"])
    await store([make_bill(1, upstream_id=key, status=BillStatus.APPROVED)])
    if old:
        await as_before_kinds(pool, start + 3, "REVIVED")
    for status, seqs in (("IN_COMMITTEE", [1, 2]), ("APPROVED", [3])):
        body = (await api.get(PATH, params={"after": start, "status": status})).json()
        assert [entry["seq"] - start for entry in body["data"]] == seqs


async def test_entries_of_the_release_before_are_shown_with_kinds_of_now(
    api: Client, store: Any, make_bill: Any, pool: Any
) -> None:
    start = await head(api)
    await some_changes(store, make_bill, pool, "600")
    old = {1: "CREATED", 2: "UPDATED", 3: "UPDATED", 4: "UPDATED", 5: "REMOVED", 6: "REVIVED", 7: "UPDATED"}
    for number, kind in old.items():
        await as_before_kinds(pool, start + number, kind)
    shown = ["CREATED", "EDITED", "EDITED", "EDITED", "REMOVED", "CORRECTED", "EDITED"]

    async def matching(**asked: Any) -> list[int]:
        body = (await api.get(PATH, params={"after": start, "limit": 100, **asked})).json()
        entries = [Change.model_validate(entry) for entry in body["data"]]
        assert [entry.kind for entry in entries] == [shown[entry.seq - start - 1] for entry in entries]
        assert {entry.subject.id for entry in entries} <= {"camara-600"}
        return [entry.seq - start for entry in entries]

    assert await matching() == [1, 2, 3, 4, 5, 6, 7]
    assert await matching(kind="EDITED") == [2, 3, 4, 7]
    assert await matching(kind="CORRECTED") == [6]
    assert await matching(kind="-EDITED") == [1, 5, 6]
    assert await matching(q="merenda") == [1, 2, 3]
    assert await matching(status="VETOED") == [7]
    versions = (await api.get("/api/v1/bills/camara-600/versions")).json()["data"]
    assert [Change.model_validate(one).kind for one in versions] == shown
    at = {one["version"]: one["changed_at"] for one in versions}
    for version in (4, 5, 6):
        past = (await api.get("/api/v1/bills/camara-600", params={"as_of": at[version]})).json()["data"]
        assert (past["version"], past["removed_at"] is not None) == (version, version == 5)


def test_a_page_passes_over_five_thousand_entries() -> None:
    assert change_filter.ENTRIES_PASSED == 5000
