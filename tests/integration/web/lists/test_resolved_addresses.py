"""`/resolve` finds the bill of an address of our own pages, and a request by the acronym of its body."""

from typing import Any

import pytest
from legis.domain.bill import Enactment


@pytest.fixture(scope="module", autouse=True)
async def _stored(write: Any, make_bill: Any) -> None:
    law = Enactment(title="Lei Ordinária 14811/2024", number="14811", year=2024)
    await write([
        make_bill(4, upstream_id="104", type_code="PEC", enactment=law),
        make_bill(5, type_code="REQ", identifier="REQ 5/2024 - CE"),
    ])  # fmt: skip


@pytest.mark.parametrize(
    ("q", "kind", "identifier"),
    [
        ("https://legis.example/en/pec/4/2024", "URL", "PEC 4/2024"),
        ("legis.example/lei/14811/2024", "URL", "PEC 4/2024"),
        ("/bills/camara-104", "URL", "PEC 4/2024"),
        ("REQ 5/2024 CE", "LABEL", "REQ 5/2024 - CE"),
    ],
)
async def test_it_is_found(serve: Any, q: str, kind: str, identifier: str) -> None:
    async with serve(site_url="https://legis.example") as api:
        found = (await api.get("/api/v1/resolve", params={"q": q})).json()
        assert (found["resolved"]["kind"], [one["identifier"] for one in found["data"]]) == (kind, [identifier])
