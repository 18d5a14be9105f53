"""Rates of agreement in SQL against a reckoning in Python, on votings drawn at random."""

import random
from datetime import date, timedelta
from typing import Any

import pytest
from api_gateway.store.database.reader import Database
from api_gateway.store.records.reading.agreement_reader import (
    Agreement,
    Period,
    agreement_member_party,
    agreement_of_members,
    agreement_parties,
    rice,
)
from integration.store.records.record_readings import reading, store, votes, voting
from legis.domain.voting import VoteOption, VotePurpose

MEMBERS, VOTINGS = 12, 60
PARTIES = ("PT", "PL", "UNIÃO")
BASE = date(2024, 1, 1)
CHOICES = {False: (VoteOption.YES, VoteOption.NO), True: tuple(VoteOption)[:4]}


def _drawn(seed: int) -> list[Any]:
    draw = random.Random(seed)
    records = []
    for number in range(VOTINGS):
        options = "".join(draw.choice("YYYYNNNAOP") for _ in range(MEMBERS))
        ballots = votes(options, parties=PARTIES, second=number)
        ballots = tuple(one for one in ballots if draw.random() < 0.8)
        plenary, purpose = draw.random() < 0.9, draw.choice([VotePurpose.PASSAGE, VotePurpose.NOT_A_VOTE])
        day = BASE + timedelta(days=number)
        records.append(voting(number, day=day, votes=ballots, plenary=plenary, purpose=purpose))
    return records


def _counted(records: list[Any]) -> list[dict[str, Any]]:
    fit = [r for r in records if r.plenary and r.purpose is not VotePurpose.NOT_A_VOTE and r.votes]
    return [{one.legislator_id: one for one in record.votes} for record in fit]


def _majority(ballots: list[VoteOption], choices: Any) -> VoteOption | None:
    counts = sorted(((ballots.count(one), one) for one in choices), key=lambda pair: -pair[0])
    return counts[0][1] if counts[0][0] > counts[1][0] else None


def _tally(pairs: list[tuple[Any, Any]]) -> tuple[int, int]:
    known = [(a, b) for a, b in pairs if a is not None and b is not None]
    return sum(a is b for a, b in known), len(known)


@pytest.mark.parametrize("every", [False, True])
async def test_rates_are_those_of_a_plain_reckoning(pool: Any, database: Database, every: bool) -> None:
    records, choices = _drawn(7), CHOICES[every]
    for start in range(0, VOTINGS, 20):
        await store(pool, *(reading(one, 1) for one in records[start : start + 20]))
    counted = _counted(records)

    def choice(voting: Any, member: str) -> Any:
        one = voting.get(member)
        return one.option if one and one.option in choices else None

    def party(voting: Any, name: str, without: str = "") -> Any:
        return _majority([v.option for k, v in voting.items() if v.party == name and k != without], choices)

    assert 10 < len(counted) < VOTINGS
    for one, other in (("camara-deputy-1", "camara-deputy-2"), ("camara-deputy-3", "camara-deputy-12")):
        found = await agreement_of_members(database, one, other, all_options=every)
        assert (found.same, found.common) == _tally([(choice(v, one), choice(v, other)) for v in counted])
        for name in PARTIES:
            found = await agreement_member_party(database, one, name, all_options=every)
            assert (found.same, found.common) == _tally([(choice(v, one), party(v, name, one)) for v in counted])
    found = await agreement_parties(database, "PT", "PL", all_options=every)
    assert (found.same, found.common) == _tally([(party(v, "PT"), party(v, "PL")) for v in counted])


async def test_rice(pool: Any, database: Database) -> None:
    records = _drawn(8)
    for start in range(0, VOTINGS, 20):
        await store(pool, *(reading(one, 1) for one in records[start : start + 20]))
    shares = []
    for ballots in _counted(records):
        options = [one.option for one in ballots.values() if one.party == "PT"]
        yes, no = options.count(VoteOption.YES), options.count(VoteOption.NO)
        shares += [abs(yes - no) / (yes + no)] if yes + no >= 2 else []
    found = await rice(database, "PT")
    assert found.votings == len(shares)
    assert found.rice == pytest.approx(sum(shares) / len(shares))
    assert (await rice(database, "PSOL")).rice is None


async def test_a_period_and_votings_that_say_little(pool: Any, database: Database) -> None:
    one_sided, open_one = votes("Y" * 10), votes("YNYNYNYNYN", second=1)
    await store(
        pool,
        reading(voting(1, day=BASE, votes=one_sided), 1),
        reading(voting(2, day=BASE + timedelta(days=5), votes=open_one), 1),
    )
    pair = ("camara-deputy-1", "camara-deputy-2")
    assert await agreement_of_members(database, *pair) == Agreement(same=1, common=2, one_sided=1)
    later = Period(since=BASE + timedelta(days=1))
    assert await agreement_of_members(database, *pair, period=later) == Agreement(0, 1, 0)
    assert await agreement_of_members(database, *pair, period=Period(house="SENADO")) == Agreement(0, 0, 0)
    assert await agreement_of_members(database, pair[0], "camara-deputy-99") == Agreement(0, 0, 0)
