"""The Câmara's directory of bodies against a simulated Câmara: there, away, late, and away again."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from contract.conftest import WINDOW_END
from ingest_camara.client.yearly_files import CamaraFiles
from ingest_camara.source import directory
from ingest_camara.source.directory import BodyDirectory
from legis.clock import epoch_micros
from legis.domain.brasilia_time import ZONE
from legis.events import Walk
from legis.ingest.source import Window

MakeDesk = Callable[..., Any]


def lately() -> Window:
    begin = WINDOW_END - timedelta(days=400)
    first = begin.astimezone(ZONE).date().isoformat()
    return Window(Walk.OVERLAP, epoch_micros(begin), epoch_micros(WINDOW_END), "lately", {"first": first})


async def test_every_bill_names_its_bodies_by_list_and_by_file(camara_desk: MakeDesk) -> None:
    async with camara_desk() as at:
        by_file, _ = await at.files()
        by_detail, _ = await at.read(lately())
        for reading in (*by_file, *by_detail):
            bill = reading.bill
            bodies = [bill.organization, *(entry.organization for entry in (*bill.actions, *bill.vote_events))]
            assert all(body.name for body in bodies if body and body.code), bill.id
        assert any(reading.bill.actions for reading in by_detail)
        asked = (await at.requests())["paths"]
        assert sum(count for path, count in asked.items() if "orgaos" in path) == 1, "once a day, not once a bill"


async def test_bills_are_read_without_names_while_the_directory_is_away(camara_desk: MakeDesk) -> None:
    async with camara_desk() as at:
        await at.fault("500", match="/arquivos/orgaos")
        readings, rejected = await at.read(lately())
        assert readings
        assert rejected == []
        assert all(reading.bill.organization.name is None for reading in readings if reading.bill.organization)
        asked = sum(count for path, count in (await at.requests())["paths"].items() if "orgaos" in path)
        assert asked == 3, "one reading with its repetitions, and none again for each bill"


async def test_a_late_directory_holds_up_the_first_bill_only_and_a_lost_one_is_kept(
    camara_desk: MakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with camara_desk() as at:
        bodies = BodyDirectory(CamaraFiles(at.source.upstream, f"{at.url}/camara/arquivos"), first_wait=0.05)
        late = asyncio.Event()
        read = bodies._read

        async def slow() -> dict[str, str]:
            await late.wait()
            return await read()

        monkeypatch.setattr(bodies, "_read", slow)
        assert await bodies.get() == {}
        began = asyncio.get_running_loop().time()
        for _ in range(100):
            assert await bodies.get() == {}
        assert asyncio.get_running_loop().time() - began < 0.05, "only the first answer is waited for"
        late.set()
        assert bodies._reading is not None
        async with asyncio.timeout(60):
            await bodies._reading
        assert (await bodies.get())["2003"] == "Comissão de Constituição e Justiça e de Cidadania"
        assert (await bodies.get())["537906"] == "COMISSÃO ESPECIAL - PEC 006/19"
        monkeypatch.setattr(bodies, "_due", 0.0)
        monkeypatch.setattr(directory, "_PATIENCE_SECONDS", 0.0)
        monkeypatch.setattr(bodies, "_read", read)
        await at.fault("500", match="/arquivos/orgaos")
        assert "2003" in await bodies.get()
        await bodies.close()
        assert "2003" in await bodies.get(), "what was known is known while the service runs"
        await bodies.close()
