"""What the store takes for claimed by every reading of a part is claimed by every reading of the Câmara's."""

from typing import Any

from api_gateway.store.known_fields import ALWAYS_CLAIMED
from ingest_camara.normalizer.bill import from_list_item
from ingest_camara.wire.proposals import ListItem


async def test_rows_and_details_of_the_camara_claim_it(camara_desk: Any) -> None:
    async with camara_desk(bills=120) as at:
        rows, _ = await at.files()
        details = [one for row in rows[::6] for one in await at.source.read_one(row.bill.upstream_id, at.memory)]
        listed = await at.ask("/camara/api/v2/proposicoes?itens=100")
    found = [("BULK", row.bill) for row in rows] + [("DETAIL", one.bill) for one in details]
    found += [("LIST", from_list_item(ListItem.model_validate(item))) for item in listed["dados"]]
    assert {part for part, _ in found} == {"BULK", "DETAIL", "LIST"}
    for part, bill in found:
        lacking = ALWAYS_CLAIMED["camara", part] - bill.model_fields_set
        assert not lacking, (part, bill.upstream_id, lacking)
