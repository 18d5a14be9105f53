"""Legislators, events and votings for the benchmark, all from a number."""

from datetime import UTC, datetime, timedelta

from legis.domain.bill import Provenance
from legis.domain.parties.party_table import PARTIES
from legis.domain.records.any_record import AnyRecord
from legis.domain.records.event_record import AgendaItem, EventRecord, EventStatus
from legis.domain.records.legislator import LegislatorRecord
from legis.domain.records.vote_event_record import MemberVote, VotedBill, VoteEventRecord
from legis.domain.vocabulary import Chamber, ReadingPart, Source
from legis.domain.voting import VoteOption, VotePurpose
from legis.events import RecordObserved, Walk, WindowRef

VOTES = 25
"""Members' votes of one voting."""

BENCH_MEMBERS = 40
"""Members who vote so often that two of them have hundreds of votings in common."""

_BEGAN = datetime(2015, 2, 1, 17, tzinfo=UTC)
_KEYS = [party.key for party in PARTIES if party.until is None][:20]
_OPTIONS = (VoteOption.YES, VoteOption.YES, VoteOption.NO, VoteOption.YES, VoteOption.OBSTRUCTION, VoteOption.NO)


_BLOCK = (2, 5, 10)
"""Legislators, events and votings of each block: what is stored at any time is the same mixture."""


def total(votings: int) -> int:
    """Records with so many votings: 4 000 legislators and 10 000 events with 20 000 of them."""
    return votings // _BLOCK[2] * sum(_BLOCK)


def observed(number: int, votings: int) -> RecordObserved:
    """The reading of a number from 1 on."""
    block, place = divmod(number - 1, sum(_BLOCK))
    people, events, ballots = _BLOCK
    record: AnyRecord
    if place < people:
        record = _legislator(block * people + place + 1)
    elif place < people + events:
        record = _event(block * events + place - people + 1)
    else:
        record = _voting(block * ballots + place - people - events + 1, votings // ballots * people)
    at = datetime.now(UTC)
    return RecordObserved(
        source=Source.CAMARA,
        published_at=at,
        window=WindowRef(window_id="bench", walk=Walk.VOTINGS, index=number),
        read_seq=number,
        record=record,
        provenance=Provenance(url="https://bench.example", fetched_at=at, payload_sha256="0" * 64, parser_version="1"),
        part=ReadingPart.DETAIL,
    )


def member(number: int, place: int, people: int) -> int:
    """The member in one place of one voting: half of them are always among the first `BENCH_MEMBERS`."""
    if place < VOTES // 2:
        return (number * 7 + place) % BENCH_MEMBERS + 1
    return (number * 31 + place * 97) % (people - BENCH_MEMBERS) + BENCH_MEMBERS + 1


def _legislator(number: int) -> LegislatorRecord:
    return LegislatorRecord(
        id=f"camara-deputy-{number}",
        source=Source.CAMARA,
        upstream_id=str(number),
        house=Chamber.CAMARA,
        name=f"Membro {number:05}",
        civil_name=f"Membro da Silva {number:05}",
        party=_KEYS[number % len(_KEYS)],
        state="SP",
        in_office=number % 7 == 0,
    )


def _event(number: int) -> EventRecord:
    bills = [f"camara-{number * 3 + place}" for place in range(5)]
    return EventRecord(
        id=f"camara-event-{number}",
        source=Source.CAMARA,
        upstream_id=str(number),
        house=Chamber.CAMARA,
        name=f"Reunião {number}",
        start=_BEGAN + timedelta(hours=number * 9),
        status=EventStatus.HELD,
        organization_ids=(f"camara-org-{number % 40}",),
        agenda=tuple(AgendaItem(key=bill, bill_ids=(bill,)) for bill in bills),
    )


def _voting(number: int, people: int) -> VoteEventRecord:
    at = _BEGAN + timedelta(hours=number * 4)
    votes = {member(number, place, people): place for place in range(VOTES)}
    return VoteEventRecord(
        id=f"camara-vote-{number}",
        source=Source.CAMARA,
        upstream_id=str(number),
        house=Chamber.CAMARA,
        date=at.date(),
        at=at,
        plenary=True,
        nominal=True,
        purpose=VotePurpose.PASSAGE,
        bills=(VotedBill(id=f"camara-{number % 1000}"),),
        votes=tuple(
            MemberVote(
                legislator_id=f"camara-deputy-{who}",
                name=f"Membro {who:05}",
                party=_KEYS[who % len(_KEYS)],
                state="SP",
                option=_OPTIONS[(number + who * place) % len(_OPTIONS)],
                at=at,
            )
            for who, place in votes.items()
        ),
    )
