"""Votings as one bill's list shows them, made readings of records of their own. Pure."""

from collections.abc import Iterator
from typing import Any

from legis.domain.identity.source_registry import legislator_id
from legis.domain.organization import Organization
from legis.domain.records.record import record_id
from legis.domain.records.vote_completion import READING_FLAGS
from legis.domain.records.vote_event_record import MemberVote, VotedBill, VoteEventRecord
from legis.domain.vocabulary import Chamber, Source
from legis.domain.voting import Vote, VoteEvent, VotePurpose
from legis.events import BillObserved

from api_gateway.store.bill_state.write_items import ObservedItem
from api_gateway.store.record_state.observed_record import RecordItem

_SAME = (
    "date", "at", "description", "purpose", "result", "result_text", "nominal", "secret", "organization",
    "counts_published", "subject_identifier",
)  # fmt: skip


def votings_of(item: ObservedItem) -> Iterator[RecordItem]:
    """The readings of the votings that an observation of a bill claims. They count as no item of the window: the bill
    does.
    """
    event = item.event
    if "vote_events" not in event.bill.model_fields_set:
        return
    for voting in event.bill.vote_events:
        record = voting_record(event, voting)
        yield RecordItem(
            event.source, record, event.read_seq, event.provenance, event.part, None, None, item.payload, item.trace_id
        )


def voting_record(event: BillObserved, voting: VoteEvent) -> VoteEventRecord:
    """The voting with this bill. What the bill's list does not say is not claimed: an empty list of votes may only not
    have been asked for, which request was voted is told by the voting's own answers, and a bill of the Congress is
    voted in either house.
    """
    bill, source = event.bill, event.source
    claimed: dict[str, Any] = {name: getattr(voting, name) for name in _SAME if name in voting.model_fields_set}
    if claimed.get("purpose") is VotePurpose.REQUEST:
        del claimed["purpose"]
    house = (voting.organization and voting.organization.chamber) or bill.chamber
    if house is not Chamber.CONGRESSO:
        claimed["house"] = house
    if voting.votes:
        claimed["votes"] = tuple(_vote(source, vote) for vote in voting.votes)
    if voting.organization is not None and (organization_id := _organization_id(source, voting.organization)):
        claimed["organization_id"] = organization_id
    if "flags" in voting.model_fields_set:
        claimed["flags"] = tuple(flag for flag in voting.flags if flag.code in READING_FLAGS)
    return VoteEventRecord(
        id=record_id(source, "vote", voting.upstream_id),
        source=source,
        upstream_id=voting.upstream_id,
        bills=(VotedBill(id=bill.id, identifier=bill.identifier),),
        **claimed,
    )


def _vote(source: Source, vote: Vote) -> MemberVote:
    values = {name: getattr(vote, name) for name in vote.model_fields_set}
    if vote.legislator_id is not None:
        values["legislator_id"] = legislator_id(source.value, vote.legislator_id)
    return MemberVote(**values)


def _organization_id(source: Source, body: Organization) -> str | None:
    return record_id(source, "org", body.code) if body.code else None
