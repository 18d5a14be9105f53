"""That the Senado source gets through a simulator's faults within its manners."""

from contract.senado_source.reading import Memory, clock, rejected, schedule, settings, upstream, year
from contract.senado_source.simulated import Simulator, backfill
from ingest_senado.source.adapter import SenadoSource


async def test_faults_are_survived(simulator: Simulator, source: SenadoSource) -> None:
    for kind in ("500", "503", "truncated", "empty200", "html200", "half_body", "reset"):
        await simulator.fault(kind=kind, rate=0.04)
    memory = Memory()
    await backfill(source, memory, since=2010, attempts=15)
    await simulator.ask("DELETE", "/control/faults")
    wanted = {i for i, b in (await simulator.bills()).items() if int(b["identifier"].split("/")[1][:4]) >= 2010}
    assert wanted <= memory.bills.keys()
    assert all("actions" in memory.bills[i].model_fields_set for i in wanted)


async def test_poisoned_records_are_kept_raw_and_cost_no_neighbour(simulator: Simulator, source: SenadoSource) -> None:
    truth = await simulator.bills()
    of_year = [i for i, b in truth.items() if b["identifier"].split("/")[1].startswith("2023")]
    await simulator.fault(kind="poison_record", value={"ids": [int(of_year[0])], "variant": "types"})
    await simulator.fault(kind="poison_record", value={"ids": [int(of_year[1])], "variant": "bytes"})
    memory = Memory()
    items = await memory.read(source, year(2023))
    letters = rejected(items)
    assert len(letters) == 2
    assert all(letter.raw.startswith(b"{") and letter.source_url for letter in letters)
    assert any(b"\xc3\x28" in letter.raw for letter in letters)
    assert set(of_year[2:]) <= memory.bills.keys()
    assert not set(of_year[:2]) & memory.bills.keys()


async def test_the_rate_is_kept(simulator: Simulator) -> None:
    slow = upstream(simulator.api, rate=8, in_flight=3)
    source = SenadoSource(settings(simulator.api), slow, schedule(), clock=clock)
    try:
        await backfill(source, Memory(), since=2022)
    finally:
        await source.close()
    traffic = await simulator.requests()
    assert traffic["total"] > 8
    assert traffic["max_in_one_second"] <= 9  # 8 a second, plus one that a slow loop lets arrive late
    assert traffic["max_in_flight"] <= 3
