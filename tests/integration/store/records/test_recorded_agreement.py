"""Rates of agreement over the 686 recorded votings of 2022 to 2024, stored and computed in SQL: the values that
docs/data-model.md's definition must give.
"""

from collections.abc import Sequence
from typing import Any

import pytest
from api_gateway.store.database.reader import Database
from api_gateway.store.records.reading.agreement_reader import (
    agreement_member_party,
    agreement_of_members,
    agreement_parties,
    rice,
)
from integration.store.records.record_readings import reading, store

term = pytest.importorskip("contract.camara_records.nominal_term", reason="the Câmara's votings are not read yet")

_BATCH = 10
"""Votings stored in a transaction; a larger one may be idle for longer than the database allows on a busy machine."""
_FOREIGN = "camara-vote-2399598-70"
"""Its own totals are 35:375, its votes another voting's 315:87. Three more votings repeat others."""


def _recorded() -> Sequence[Any]:
    from ingest_camara.normalizer.vote_events import from_detail
    from ingest_camara.wire.vote_event_records import VotingDetail
    from ingest_camara.wire.voting_records import MemberVote

    return [
        from_detail(
            VotingDetail.model_validate(row["votacao"]), [MemberVote.model_validate(one) for one in row["votos"]], None
        )
        for row in term.rows()
    ]


@pytest.mark.timeout(900)
async def test_check_values(pool: Any, database: Database) -> None:
    records = _recorded()
    for start in range(0, len(records), _BATCH):
        await store(pool, *(reading(one, 1) for one in records[start : start + _BATCH]))
    counted = {row["id"] for row in await pool.fetch("SELECT id FROM vote_event WHERE in_agreement")}
    assert len(counted) == 629
    assert _FOREIGN not in counted

    async def members(one: int, other: int) -> tuple[int, int]:
        found = await agreement_of_members(database, f"camara-deputy-{one}", f"camara-deputy-{other}")
        return found.same, found.common

    async def parties(one: str, other: str) -> tuple[int, int]:
        found = await agreement_parties(database, one, other)
        return found.same, found.common

    async def own_party(number: int) -> tuple[int, int]:
        found = await agreement_member_party(database, f"camara-deputy-{number}", None)
        return found.same, found.common

    assert await members(220645, 209787) == (86, 284)
    assert await members(204536, 156190) == (344, 400)
    assert await members(73433, 74398) == (364, 374)
    assert await parties("PT", "PL") == (273, 623)
    assert await parties("PT", "PSOL") == (495, 624)
    assert await parties("PP", "UNIÃO") == (582, 627)
    assert await own_party(204536) == (214, 450)
    assert await own_party(220645) == (366, 368)
    for party, index in (("PT", 0.9675), ("PL", 0.7571), ("UNIÃO", 0.6657)):
        assert (await rice(database, party)).rice == pytest.approx(index, abs=0.00005)
    assert await pool.fetchval("SELECT count(*) FROM vote_event WHERE in_agreement AND one_sided") == 163
