"""What the store takes for claimed by every reading of a part is claimed by every reading of the Senado's."""

from typing import Any

from api_gateway.store.bill_state.known_fields import ALWAYS_CLAIMED
from contract.senado_source.reading import Memory
from contract.senado_source.simulated import backfill
from legis.domain.vocabulary import ReadingPart
from legis.ingest.source import Reading


async def test_rows_details_and_votings_of_the_senado_claim_it(source: Any) -> None:
    memory = Memory()
    readings = [one for one in await backfill(source, memory) if isinstance(one, Reading)]
    for key in [key for key in memory.marks if key[1] is ReadingPart.VOTES]:
        del memory.marks[key]
    readings += [one for one in await backfill(source, memory) if isinstance(one, Reading)]
    assert {reading.part.value for reading in readings} == {"LIST", "DETAIL", "VOTES"}
    for reading in readings:
        lacking = ALWAYS_CLAIMED["senado", reading.part.value] - reading.bill.model_fields_set
        # a detail may leave out a nickname and how its authors are called, but a row never does
        assert not lacking, (reading.part, reading.bill.upstream_id, lacking)
