"""What the list of a bill says of a voting, and what only the voting's own answers do."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from api_gateway.documents.reference_ids import with_reference_ids
from api_gateway.store.record_state.observed_votings import voting_record
from legis.domain.bill import Bill, Provenance
from legis.domain.identity import source_registry
from legis.domain.organization import Organization
from legis.domain.vocabulary import Chamber, ReadingPart, Source
from legis.domain.voting import Vote, VoteEvent, VoteOption, VotePurpose
from legis.events import BillObserved, Walk, WindowRef

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def observed(chamber: Chamber, voting: VoteEvent) -> BillObserved:
    bill = Bill(source=Source.SENADO, upstream_id="1", chamber=chamber, vote_events=(voting,))
    return BillObserved(
        source=Source.SENADO, published_at=NOW, window=WindowRef(window_id="w", walk=Walk.BACKFILL, index=0),
        read_seq=1, bill=bill, part=ReadingPart.DETAIL,
        provenance=Provenance(url="https://x.test", fetched_at=NOW, payload_sha256="0" * 64, parser_version="1"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("of_bill", "of_body", "house"),
    [
        (Chamber.SENADO, None, Chamber.SENADO),
        (Chamber.CONGRESSO, None, None),
        (Chamber.CONGRESSO, Chamber.SENADO, Chamber.SENADO),
    ],
)
def test_a_bill_of_the_congress_does_not_say_where_it_was_voted(
    of_bill: Chamber, of_body: Chamber | None, house: Chamber | None
) -> None:
    body = Organization(acronym="PLEN", chamber=of_body) if of_body else None
    voting = VoteEvent(upstream_id="7", date=NOW.date(), organization=body)
    record = voting_record(observed(of_bill, voting), voting)
    assert (record.house, "house" in record.model_fields_set) == (house, house is not None)


@pytest.mark.parametrize("purpose", [VotePurpose.REQUEST, VotePurpose.URGENCY])
def test_a_mere_request_is_told_by_the_votings_own_answers(purpose: VotePurpose) -> None:
    voting = VoteEvent(upstream_id="7", date=NOW.date(), purpose=purpose)
    record = voting_record(observed(Chamber.SENADO, voting), voting)
    assert ("purpose" in record.model_fields_set) is (purpose is not VotePurpose.REQUEST)


@pytest.mark.parametrize("prefix", ["senado-senator-", ""])
def test_a_member_has_the_id_that_documents_give_it(prefix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    row = replace(source_registry.BY_ID["senado"], legislator_prefix=prefix)
    monkeypatch.setattr(source_registry, "BY_ID", {"senado": row})
    voting = VoteEvent(
        upstream_id="7", date=NOW.date(), votes=(Vote(name="Ana", option=VoteOption.YES, legislator_id="5"),)
    )
    record = voting_record(observed(Chamber.SENADO, voting), voting)
    assert record.votes[0].legislator_id == with_reference_ids("senado", {"legislator_id": "5"})["legislator_id"]
    assert record.votes[0].legislator_id == f"{prefix or 'senado-legislator-'}5"
