"""A detail and its history may come from servers of the Câmara of which one has not heard yet."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from contract.conftest import WINDOW_END
from ingest_camara.source import changes
from legis.clock import epoch_micros
from legis.domain.brasilia_time import ZONE
from legis.events import Walk
from legis.ingest.source import Reading, Window

MakeDesk = Callable[..., Any]


def today() -> Window:
    begin = WINDOW_END - timedelta(days=1)
    first = begin.astimezone(ZONE).date().isoformat()
    return Window(Walk.INCREMENTAL, epoch_micros(begin), epoch_micros(WINDOW_END), "today", {"first": first})


async def test_a_history_behind_its_detail_is_read_again(
    camara_desk: MakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "STALE_PAUSE_SECONDS", 0.0)
    async with camara_desk() as at:
        await at.read(today())
        some = next(iter(await at.truth()))
        await at.change(some)
        before = len(_of(some, (await at.read(today()))[0])[-1].bill.actions)
        await at.change(some)
        await at.fault(kind="stale", match="/tramitacoes")
        lagging = _of(some, (await at.read(today()))[0])
        assert len(lagging[-1].bill.actions) == before
        await at.ask("/control/faults", "DELETE")
        assert len(_of(some, (await at.read(today()))[0])[-1].bill.actions) == before + 1
        assert _of(some, (await at.read(today()))[0]) == [], "agreed, it is remembered"


def _of(upstream_id: str, readings: list[Reading]) -> list[Reading]:
    return [reading for reading in readings if reading.bill.upstream_id == upstream_id]
