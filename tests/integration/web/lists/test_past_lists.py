"""A list with `as_of` is the list that was served then: at every step of a random history, for every kind of filter."""

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import asyncpg
import httpx2
import pytest
from api_gateway.search.past_list import MAX_BILLS
from api_gateway.store.reconciliation.removal import mark_removed
from integration.bills import make_bill
from legis.domain.bill import Bill, Organization
from legis.domain.vocabulary import BillStatus, Chamber, Source

Client = httpx2.AsyncClient
Items = list[dict[str, Any]]

BILLS = 30
STEPS = 10
NOON = datetime(2024, 3, 1, 15, tzinfo=UTC)
IDS = ",".join(f"{source}-7{number:03}" for number in range(BILLS) for source in ("camara", "senado"))
QUERIES: Sequence[dict[str, str]] = (
    {"ids": IDS},
    {"ids": IDS, "status": "IN_COMMITTEE", "sort": "introduced_on"},
    {"type": "PL", "year": "2024"},
    {"type": "-PL", "sort": "-changed_at"},
    {"type": "OTHER"},
    {"year": "-2023", "in_progress": "true", "sort": "changed_at"},
    {"chamber": "SENADO", "party": "PT", "sort": "-introduced_on"},
    {"number": "3,4,5,6,7", "organization": "CCJC"},
    {"q": "merenda -saúde"},
    {"author": "José da Silva", "last_action_from": "2024-03-02"},
    {"subject": "Saúde", "fields": "title,status"},
    {"introduced_from": "2024-02-01", "state": "-SP"},
)


def varied(number: int, draw: random.Random) -> Bill:
    """A bill in a random state: now and then its type, number, year and chamber are others than before."""
    names = random.Random(number if draw.random() < 0.9 else draw.random())
    moved = draw.choice((None, NOON + timedelta(hours=draw.randrange(72))))
    type_code = names.choice(("PL", "PL", "PL", "PEC", "XPTO"))
    people = draw.sample(("José da Silva", "Antônia d'Ávila", "Mesa Diretora"), draw.randrange(3))
    return make_bill(
        names.choice((number, number, number, number + 1)),
        source=Source.CAMARA if number % 3 else Source.SENADO,
        upstream_id=f"7{number:03}",
        type_code=type_code,
        year=names.choice((2024, 2024, 2023)),
        title=draw.choice(("Dispõe sobre a merenda.", "Altera a merenda e a saúde.", "Dispõe sobre o transporte.")),
        status=draw.choice((BillStatus.IN_COMMITTEE, BillStatus.ENACTED)),
        authors=[(name, draw.choice((None, "PT", "PSB")), draw.choice((None, "SP", "BA"))) for name in people],
        subjects=draw.sample(("Saúde", "Educação, Cultura"), draw.randrange(3)),
        introduced=draw.choice((None, date(2024, 2, 29), date(2023, 5, 1))),
        chamber=names.choice((Chamber.CAMARA, Chamber.SENADO)),
        in_progress=draw.choice((True, False, None)),
        organization=draw.choice((None, Organization(acronym=" ccjc ", name="CCJ"))),
        **({} if moved is not None else {"latest_action": None}),
        **({} if moved is None else {"moved": moved}),
    )


@pytest.fixture(scope="module")
async def pool(module_database_url: str) -> Any:
    async with asyncpg.create_pool(module_database_url, min_size=0, max_size=2) as opened:
        yield opened


async def listed(api: Client, limit: int = 100, **query: str) -> Items:
    """All pages."""
    items: Items = []
    more: dict[str, Any] = {}
    while True:
        reply = await api.get("/api/v1/bills", params={**query, "limit": limit, **more})
        assert reply.status_code == 200, reply.text
        items += reply.json()["data"]
        if (cursor := reply.json()["page"]["next_cursor"]) is None:
            return items
        more = {"cursor": cursor}


async def test_a_past_list_is_the_list_that_was_served_then(api: Client, store: Any, settle: Any, pool: Any) -> None:
    draw = random.Random(16)
    served: list[tuple[int, datetime, list[Items]]] = []
    for step in range(STEPS):
        chosen = draw.sample(range(BILLS), draw.randrange(1, BILLS))
        if step in (3, 6, STEPS - 1):
            gone = [varied(number, draw).id for number in chosen[:8]]
            await mark_removed(
                pool, await pool.fetchval("SELECT array_agg(id) FROM bill WHERE id = ANY($1)", gone) or []
            )
            await settle()
        else:
            await store([varied(number, draw) for number in chosen])
        row = await pool.fetchrow("SELECT seq, changed_at FROM bill_change ORDER BY seq DESC LIMIT 1")
        served.append((row["seq"], row["changed_at"], [await listed(api, **query) for query in QUERIES]))
    kinds = {row["kind"] for row in await pool.fetch("SELECT DISTINCT kind FROM bill_change")}
    assert kinds >= {"CREATED", "REMOVED", "MOVED", "CORRECTED"}
    for seq, at, lists in served:
        for query, was in zip(QUERIES, lists, strict=True):
            moment = draw.choice((str(seq), at.isoformat()))
            assert await listed(api, as_of=moment, limit=draw.choice((7, 100)), **query) == was, (moment, query)
    assert sum(len(was) for _, _, lists in served for was in lists) > 50 * STEPS
    assert await listed(api, as_of="0", ids=IDS) == []
    assert await listed(api, as_of="2001-01-01", ids=IDS) == []


async def test_the_moment_is_told_and_pages_keep_to_it(api: Client, store: Any) -> None:
    await store([make_bill(number, upstream_id=f"8{number}", type_code="PDL") for number in range(1, 8)])
    query = {"type": "PDL", "as_of": "2900-01-01", "limit": "3", "count": "exact"}
    first = (await api.get("/api/v1/bills", params=query)).json()
    assert first["meta"]["as_of"] == "2900-01-01T03:00:00Z"
    assert first["page"]["count"] == {"value": 7, "kind": "exact"}
    await store(
        [make_bill(number, upstream_id=f"8{number}", type_code="PDL", title="Outra.") for number in range(1, 10)]
    )
    second = (await api.get(first["page"]["next"])).json()
    assert [one["number"] for one in (*first["data"], *second["data"])] == [1, 2, 3, 4, 5, 6]
    assert second["meta"]["as_of_seq"] == first["meta"]["as_of_seq"]
    assert {one["title"] for one in second["data"]} == {"Dispõe sobre matéria de interesse geral."}
    by_seq = await api.get("/api/v1/bills", params={"type": "PDL", "as_of": str(first["meta"]["as_of_seq"])})
    assert by_seq.json()["meta"]["as_of"] == max(one["changed_at"] for one in by_seq.json()["data"])
    assert [one["number"] for one in by_seq.json()["data"]] == list(range(1, 8))


async def test_one_bill_is_shown_at_a_seq(api: Client, store: Any) -> None:
    seqs = []
    for title in ("Um.", "Dois."):
        await store([make_bill(1, upstream_id="9001", title=title)])
        seqs.append((await api.get("/api/v1/bills/camara-9001")).json()["data"]["change_seq"])
    for seq, title in zip(seqs, ("Um.", "Dois."), strict=True):
        past = (await api.get("/api/v1/bills/camara-9001", params={"as_of": str(seq)})).json()["data"]
        assert (past["title"], past["change_seq"]) == (title, seq)
    assert (await api.get("/api/v1/bills/camara-9001", params={"as_of": str(seqs[0] - 1)})).status_code == 404
    assert (await api.get("/api/v1/bills/camara-9001", params={"as_of": "999999999"})).status_code == 410


async def test_a_set_that_is_too_large_is_refused(api: Client, store: Any) -> None:
    await store([make_bill(number, upstream_id=f"6{number:05}", type_code="REQ") for number in range(1, MAX_BILLS + 2)])
    reply = await api.get("/api/v1/bills", params={"type": "REQ", "as_of": "2900-01-01"})
    assert reply.status_code == 400
    (error,) = reply.json()["errors"]
    assert error["parameter"] == "as_of"
    assert "at most 1000 bills, chosen by `ids`, `urns`, `chamber`" in error["detail"]
    assert len(await listed(api, type="REQ", number="-1", as_of="2900-01-01")) == MAX_BILLS


@pytest.mark.parametrize(
    ("changed", "status", "parameter"),
    [
        ({"as_of": "soon"}, 400, "as_of"),
        ({"as_of": "99999999999999999999"}, 400, "as_of"),
        ({"as_of": "999999999"}, 410, "as_of"),
        ({"facets": "type"}, 400, "facets"),
        ({"q": "lei", "highlight": "true"}, 400, "highlight"),
        ({"q": "lei", "sort": "relevance"}, 400, "sort"),
        ({"min_seq": "0"}, 400, "min_seq"),
        ({"format": "csv"}, 400, "format"),
        ({"cursor": "x"}, 400, "cursor"),
    ],
)
async def test_what_is_not_possible_is_told(api: Client, changed: dict[str, str], status: int, parameter: str) -> None:
    reply = await api.get("/api/v1/bills", params={"ids": "camara-7001", "as_of": "2900-01-01", **changed})
    assert reply.status_code == status, reply.text
    assert reply.json()["errors"][0]["parameter"] == parameter
