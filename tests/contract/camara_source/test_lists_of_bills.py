"""What the Câmara's source makes of lists that are not found, empty or cut, while the bill itself is there."""

from collections.abc import Callable
from typing import Any

import pytest
from legis.domain.bill import Bill
from legis.domain.vocabulary import QualityFlagCode
from legis.ingest.source import Reading

FIELDS = {
    "authors": "sponsorships", "subjects": "subjects", "actions": "actions", "related": "related_bills",
    "votings": "vote_events",
}  # fmt: skip
"""Lists as the simulator names them, and the fields of ours that show them."""


def doubted(bill: Bill) -> set[str]:
    return {flag.field for flag in bill.quality_flags if flag.code is QualityFlagCode.LIST_IN_DOUBT}


async def whole(at: Any, upstream_id: str) -> Bill:
    (reading,) = await at.source.read_one(upstream_id, at.memory)
    assert isinstance(reading, Reading)
    return reading.bill


async def voted_bill(at: Any) -> Bill:
    """A bill with members' votes, and something of everything else."""
    for upstream_id in sorted(await at.truth()):
        bill = await whole(at, upstream_id)
        if any(event.votes for event in bill.vote_events):
            return bill
    raise AssertionError("no bill of this seed has members' votes")


@pytest.mark.parametrize("name", sorted(FIELDS))
async def test_a_list_that_is_not_found_claims_nothing(camara_desk: Callable[..., Any], name: str) -> None:
    async with camara_desk() as at:
        upstream_id = sorted(await at.truth())[0]
        await at.fault("list_404", value=name)
        bill = await whole(at, upstream_id)
        assert doubted(bill) == {FIELDS[name]}
        assert FIELDS[name] not in bill.model_fields_set
        assert bill.model_fields_set >= set(FIELDS.values()) - {FIELDS[name]}


@pytest.mark.parametrize("name", sorted(FIELDS))
async def test_an_empty_list_is_a_claim_where_it_can_be_true(camara_desk: Callable[..., Any], name: str) -> None:
    """Every bill has an author, and a detail that shows its last entry has a history."""
    async with camara_desk() as at:
        upstream_id = sorted(await at.truth())[0]
        await at.fault("list_empty", value=name)
        bill = await whole(at, upstream_id)
        impossible = name in ("authors", "actions")
        assert (FIELDS[name] in bill.model_fields_set) is not impossible
        assert doubted(bill) == ({FIELDS[name]} if impossible else set())


async def test_members_votes_that_are_not_found_are_not_claimed(camara_desk: Callable[..., Any]) -> None:
    async with camara_desk(bills=2000) as at:
        bill = await voted_bill(at)
        voting = next(event for event in bill.vote_events if event.votes)
        await at.fault("list_404", value={"list": "votes", "id": bill.upstream_id})
        again = await whole(at, bill.upstream_id)
        assert doubted(again) == {"vote_events.votes"}
        (same,) = (event for event in again.vote_events if event.upstream_id == voting.upstream_id)
        assert "votes" not in same.model_fields_set
        assert (same.description, same.result) == (voting.description, voting.result)


async def test_a_bill_that_lost_a_list_is_read_and_then_read_again(camara_desk: Callable[..., Any]) -> None:
    """The engine is told what the reading lacks; a worker that stores it does not remember it."""
    async with camara_desk() as at:
        first, second = sorted(await at.truth())[:2]
        await at.fault("list_short", value={"list": "authors", "id": int(first)})
        assert doubted(await whole(at, first)) == doubted(await whole(at, second)) == set()
