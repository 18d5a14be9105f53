"""That the details of a long year are not asked for at a round hour."""

from datetime import datetime, timedelta

import pytest
from contract.senado_source.lying import Liar, full, row, voting
from contract.senado_source.reading import Memory, settings, upstream, year
from ingest_senado.source.adapter import SenadoSource
from ingest_senado.source.schedule import Schedule, near_round_hour


class Hands:
    """A clock that a test sets, and a sleep that moves it."""

    def __init__(self, at: str) -> None:
        self.now = datetime.fromisoformat(at)
        self.slept: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += timedelta(seconds=seconds)


@pytest.mark.parametrize("voted_on", [False, True])
async def test_details_wait_until_a_round_hour_is_over(liar: Liar, voted_on: bool) -> None:
    hands = Hands("2026-11-23T11:57:30-03:00")
    asked_at: list[datetime] = []
    numbers = range(1, 41)

    def detail(number: int) -> object:
        asked_at.append(hands.now)
        hands.now += timedelta(seconds=9)
        return full(number)

    liar.answers = {"/processo": lambda _: [row(number) for number in numbers]}
    liar.answers |= {f"/processo/{number}": lambda _, number=number: detail(number) for number in numbers}
    if voted_on:  # then a process is read whole with its votings
        votes = {number: voting(number, number, dataSessao="2024-11-10") for number in numbers}
        liar.answers["/votacao"] = lambda request: (
            list(votes.values()) if "dataInicio" in request.query else [votes[int(request.query["idProcesso"])]]
        )
    timetable = Schedule(timedelta(minutes=15), True, 2020, avoid_round_hours=True)
    source = SenadoSource(
        settings(liar.base, senado_max_in_flight=1), upstream(liar.base, in_flight=1), timetable,
        clock=lambda: hands.now, sleep=hands.sleep, stale_wait=0.01,
    )  # fmt: skip
    memory = Memory()
    try:
        await memory.read(source, year(2024))
    finally:
        await source.close()
    assert len(asked_at) == 40
    assert sum(hands.slept) > 60
    # a batch that began before the margin is finished in it: four requests at most, one at a time
    assert sum(near_round_hour(moment) for moment in asked_at) <= 4
    assert asked_at[-1] > datetime.fromisoformat("2026-11-23T12:02:00-03:00")
