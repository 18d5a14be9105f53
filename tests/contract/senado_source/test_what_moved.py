"""That the Senado source reads again what moved in a simulator."""

import pytest
from contract.senado_source.reading import Memory, changes, readings
from contract.senado_source.simulated import Simulator, backfill
from ingest_senado.source.adapter import SenadoSource
from legis.domain.vocabulary import ReadingPart
from legis.errors import UpstreamUnavailable


async def test_only_what_moved_is_read_again(simulator: Simulator, source: SenadoSource) -> None:
    memory = Memory()
    await backfill(source, memory, since=2015)
    moved = next(iter(sorted(memory.bills)))
    await memory.read(source, changes())
    await simulator.ask("POST", "/control/change", {"source": "senado", "id": int(moved)})
    before = memory.bills[moved]
    items = readings(await memory.read(source, changes()))
    assert [(item.bill.upstream_id, item.part) for item in items] == [(moved, ReadingPart.DETAIL)]
    told = (await simulator.bills())[moved]
    assert memory.bills[moved].title == told["title"]
    assert memory.bills[moved].status_text == told["status_text"]
    assert memory.bills[moved].upstream_updated_at != before.upstream_updated_at
    assert await memory.read(source, changes()) == []


async def test_a_detail_older_than_its_list_is_asked_for_again(simulator: Simulator, source: SenadoSource) -> None:
    memory = Memory()
    await backfill(source, memory, since=2015)
    moved = sorted(memory.bills)[1]
    await simulator.ask("POST", "/control/change", {"source": "senado", "id": int(moved)})
    await simulator.fault(kind="stale", match=f"/processo/{moved}", count=2)
    items = readings(await memory.read(source, changes()))
    assert moved in {item.bill.upstream_id for item in items}
    assert memory.bills[moved].status_text == (await simulator.bills())[moved]["status_text"]


async def test_a_replica_that_stays_behind_fails_the_window(simulator: Simulator, source: SenadoSource) -> None:
    memory = Memory()
    await backfill(source, memory, since=2015)
    moved = sorted(memory.bills)[2]
    await simulator.ask("POST", "/control/change", {"source": "senado", "id": int(moved)})
    await simulator.fault(kind="stale", match=f"/processo/{moved}")
    with pytest.raises(UpstreamUnavailable, match="detail of"):
        await memory.read(source, changes())
    await simulator.ask("DELETE", "/control/faults")
    await memory.read(source, changes())
    assert memory.bills[moved].title == (await simulator.bills())[moved]["title"]
