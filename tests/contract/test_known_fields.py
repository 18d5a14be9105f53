"""What the store takes for claimed by every reading of a part is claimed by every reading of the Câmara's."""

from typing import Any

from api_gateway.store.bill_state.known_fields import ALWAYS_CLAIMED


async def test_rows_and_details_of_the_camara_claim_it(camara_desk: Any) -> None:
    async with camara_desk(bills=120) as at:
        rows, _ = await at.files()
        details = [one for row in rows[::6] for one in await at.source.read_one(row.bill.upstream_id, at.memory)]
    found = [("BULK", row.bill) for row in rows] + [("DETAIL", one.bill) for one in details]
    assert {source_part for source_part in ALWAYS_CLAIMED if source_part[0] == "camara"} == {
        ("camara", part) for part, _ in found
    }
    for part, bill in found:
        lacking = ALWAYS_CLAIMED["camara", part] - bill.model_fields_set
        assert not lacking, (part, bill.upstream_id, lacking)
