"""One party, however its sources write it, in filters, facets and list items."""

from typing import Any

import httpx2
import pytest

Client = httpx2.AsyncClient


@pytest.fixture(scope="module")
async def bills(store: Any, make_bill: Any) -> None:
    labels = ["UNIAO", "UNIÃO", "União", "PMDB", "MDB", "REPUBLIC", "PL-1985", "PL", None]
    await store([make_bill(n, authors=[("Fulana de Tal", label, "PE")]) for n, label in enumerate(labels, 1)])


async def found(api: Client, **asked: Any) -> list[int]:
    body = (await api.get("/api/v1/bills", params={"limit": 100, **asked})).json()
    return sorted(bill["number"] for bill in body["data"])


@pytest.mark.usefixtures("bills")
@pytest.mark.parametrize("asked", ["UNIAO", "UNIÃO", "uniao", "União", "uniao brasil"])
async def test_any_spelling_finds_the_same(api: Client, asked: str) -> None:
    assert await found(api, party=asked) == [1, 2, 3]


@pytest.mark.usefixtures("bills")
async def test_old_and_cut_names_and_acronyms_that_came_again(api: Client) -> None:
    assert await found(api, party="PMDB") == await found(api, party="mdb") == [4, 5]
    assert await found(api, party="PRB") == await found(api, party="REPUBLICANOS") == [6]
    assert await found(api, party="PL") == [8], "as many as its facet counts"
    assert await found(api, party="PL-1985") == [7]
    assert await found(api, party="-UNIAO,-MDB") == [6, 7, 8, 9]


@pytest.mark.usefixtures("bills")
async def test_a_facet_has_one_value_for_a_party_and_items_name_it(api: Client) -> None:
    body = (await api.get("/api/v1/bills", params={"facets": "party", "limit": 100})).json()
    counts = {one["value"]: one["count"] for one in body["facets"]["values"]["party"]}
    assert counts == {"UNIÃO": 3, "MDB": 2, "REPUBLICANOS": 1, "PL-1985": 1, "PL": 1}
    (first,) = (bill for bill in body["data"] if bill["number"] == 1)
    assert first["parties"] == ["UNIÃO"]
    assert [set(one) for one in first["sponsors"]] == [{"name", "party", "state", "legislator_id"}]
