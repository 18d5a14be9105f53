"""Background tasks run together, stop together, and fail loudly."""

import asyncio

import pytest
from legis.service.tasks import supervise


async def until(stop: asyncio.Event, ended: list[str], name: str) -> None:
    await stop.wait()
    ended.append(name)


async def test_all_end_when_told_to_stop() -> None:
    stop, ended = asyncio.Event(), list[str]()
    running = asyncio.create_task(supervise(stop, until(stop, ended, "a"), until(stop, ended, "b")))
    await asyncio.sleep(0.01)
    stop.set()
    await asyncio.wait_for(running, 20)
    assert sorted(ended) == ["a", "b"]


async def test_it_ends_when_all_have_ended_without_a_stop() -> None:
    await asyncio.wait_for(supervise(asyncio.Event(), asyncio.sleep(0), asyncio.sleep(0.01)), 20)
    await asyncio.wait_for(supervise(asyncio.Event()), 20)


async def test_one_that_ends_does_not_end_the_others() -> None:
    stop, ended = asyncio.Event(), list[str]()
    running = asyncio.create_task(supervise(stop, asyncio.sleep(0), until(stop, ended, "a")))
    await asyncio.sleep(0.02)
    assert not running.done()
    stop.set()
    await running
    assert ended == ["a"]


async def test_a_failure_stops_the_others_and_is_raised_as_it_is() -> None:
    stop = asyncio.Event()

    async def fail() -> None:
        await asyncio.sleep(0.01)
        raise KeyError("broken")

    with pytest.raises(KeyError, match="broken"):
        await asyncio.wait_for(supervise(stop, fail(), asyncio.sleep(30)), 20)
    assert stop.is_set()


async def test_several_failures_are_all_raised() -> None:
    async def fail(error: Exception) -> None:
        raise error

    with pytest.raises(ExceptionGroup) as raised:
        await supervise(asyncio.Event(), fail(KeyError()), fail(ValueError()))
    assert {type(error) for error in raised.value.exceptions} == {KeyError, ValueError}


async def test_who_does_not_stop_in_time_is_cancelled() -> None:
    stop = asyncio.Event()
    stop.set()
    await asyncio.wait_for(supervise(stop, asyncio.sleep(30), grace_seconds=0.05), 20)


async def test_cancelling_it_cancels_all() -> None:
    stop = asyncio.Event()
    inner = asyncio.Event()

    async def watch() -> None:
        try:
            await asyncio.sleep(30)
        finally:
            inner.set()

    running = asyncio.create_task(supervise(stop, watch()))
    await asyncio.sleep(0.01)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert inner.is_set()
    assert stop.is_set()
