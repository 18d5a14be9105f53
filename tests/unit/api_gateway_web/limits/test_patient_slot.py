"""A page of a file or stream waits for its slot; a moment of overload does not cut it."""

import asyncio

import pytest
from api_gateway.web.pipeline.limits.admission import Admission, Overloaded
from api_gateway.web.pipeline.limits.patient_slot import patient_slot


async def test_it_comes_when_there_is_room_again() -> None:
    admission, entered = Admission(1, 0, longest_wait=0.01), asyncio.Event()

    async def page() -> None:
        async with patient_slot(admission, "b", 1, patience=60):
            entered.set()

    async with admission.slot("a"):
        with pytest.raises(Overloaded):
            async with admission.slot("b"):
                pass
        waiting = asyncio.create_task(page())
        await asyncio.sleep(0.1)
        assert not entered.is_set()
    await asyncio.wait_for(waiting, 60)
    assert entered.is_set()
    async with admission.slot("c"):
        pass


async def test_its_patience_ends() -> None:
    admission = Admission(1, 0, longest_wait=0.01)
    async with admission.slot("a"):
        with pytest.raises(Overloaded):
            async with patient_slot(admission, "b", 1, patience=0):
                pass
