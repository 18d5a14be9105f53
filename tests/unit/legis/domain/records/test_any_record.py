"""A record travels with exactly what it claims, and two readings of it are merged by claim."""

import datetime

from legis.domain.records.any_record import dump_claims, load_record, merge_records
from legis.domain.records.event_record import AgendaItem, EventRecord, bills_of_item
from legis.domain.records.legislator import LegislatorRecord
from legis.domain.records.membership import Membership, MembershipKind
from legis.domain.records.record import RecordFlag, record_id
from legis.domain.records.vote_completion import completed, counts_in_agreement, votes_hash
from legis.domain.records.vote_event_record import BillRole, MemberVote, VotedBill, VoteEventRecord
from legis.domain.vocabulary import QualityFlagCode, Source
from legis.domain.voting import VoteCounts, VoteOption, VotePurpose, VoteResult, VotingFlagCode

ID = record_id(Source.CAMARA, "vote", "2-9")


def voting(**claims: object) -> VoteEventRecord:
    return VoteEventRecord(id=ID, source=Source.CAMARA, upstream_id="2-9", **claims)


def votes(yes: int, no: int) -> tuple[MemberVote, ...]:
    options = [VoteOption.YES] * yes + [VoteOption.NO] * no
    return tuple(
        MemberVote(legislator_id=f"camara-deputy-{place}", name=f"D {place}", party="PT", option=option)
        for place, option in enumerate(options)
    )


def test_claims_survive_the_stream() -> None:
    sent = voting(votes=(), secret=None)
    received = load_record(dump_claims(sent))
    assert received == sent
    assert received.model_fields_set - {"kind"} == sent.model_fields_set - {"kind"}


def test_a_reading_leaves_alone_what_it_does_not_claim() -> None:
    row = voting(date=datetime.date(2026, 3, 2), bills=(VotedBill(id="camara-1"),))
    rest = voting(votes=votes(1, 0), bills=(VotedBill(id="camara-7", role=BillRole.OBJECT),))
    merged = merge_records(row, rest)
    assert isinstance(merged, VoteEventRecord)
    assert (merged.date, len(merged.votes)) == (row.date, 1)
    assert [bill.id for bill in merged.bills] == ["camara-1", "camara-7"]
    assert merge_records(merged, rest) == merged


def test_named_lists_are_replaced_one_by_one() -> None:
    def person(**lists: tuple[Membership, ...]) -> LegislatorRecord:
        return LegislatorRecord(id="camara-deputy-1", source=Source.CAMARA, upstream_id="1", memberships=lists)

    seat = Membership(kind=MembershipKind.COMMITTEE, role="Titular")
    merged = merge_records(person(terms=(), committees=(seat,)), person(committees=()))
    assert isinstance(merged, LegislatorRecord)
    assert merged.memberships == {"terms": (), "committees": ()}


def test_totals_and_warnings_follow_from_all_parts() -> None:
    totals = VoteCounts(yes=20, no=10)
    published = voting(counts_published=totals, result=VoteResult.PASSED, purpose=VotePurpose.PASSAGE)
    whole = merge_records(published, voting(votes=votes(20, 10), plenary=True))
    assert isinstance(whole, VoteEventRecord)
    done = completed(whole)
    assert (done.flags, done.nominal, done.secret, done.counts) == ((), True, False, VoteCounts(yes=20, no=10))
    assert counts_in_agreement(done)
    none = completed(published.model_copy(update={"votes": ()}))
    assert [flag.code for flag in none.flags] == [VotingFlagCode.VOTES_MISSING]
    other = completed(whole.model_copy(update={"votes": votes(5, 25)}))
    assert VotingFlagCode.VOTES_OF_ANOTHER in {flag.code for flag in other.flags}
    assert not counts_in_agreement(other)


def test_few_votes_have_no_hash() -> None:
    assert votes_hash(voting(votes=votes(10, 10))) is None
    assert votes_hash(voting(votes=votes(11, 10))) == votes_hash(voting(votes=votes(11, 10)[::-1])) is not None


def test_a_flag_of_a_named_list_is_kept_until_that_list_is_claimed() -> None:
    def person(flags: tuple[RecordFlag, ...] = (), **lists: tuple[Membership, ...]) -> LegislatorRecord:
        return LegislatorRecord(
            id="camara-deputy-1", source=Source.CAMARA, upstream_id="1", memberships=lists, flags=flags
        )

    flag = RecordFlag(code=QualityFlagCode.PARTY_URI_STALE, field="memberships.parties")
    merged = merge_records(person((flag,), parties=()), person(terms=()))
    assert merged.flags == (flag,)
    assert merge_records(merged, person(parties=())).flags == ()


def test_bills_in_doubt_stay_on_their_item() -> None:
    def session(*items: AgendaItem, doubted: tuple[str, ...] = ()) -> EventRecord:
        flags = tuple(RecordFlag(code=QualityFlagCode.LIST_IN_DOUBT, field=bills_of_item(key)) for key in doubted)
        return EventRecord(id="senado-session-9", source=Source.SENADO, upstream_id="9", agenda=items, flags=flags)

    stored = session(*(AgendaItem(key=key, bill_ids=(f"senado-{key}",)) for key in ("1", "2")))
    bare = [AgendaItem(key=key, text="changed") for key in ("1", "2", "3")]
    for doubted, kept in ((("1", "3"), ("senado-1",)), ((), ())):
        observed = session(*bare, doubted=doubted)
        merged = merge_records(stored, observed)
        assert isinstance(merged, EventRecord)
        assert [item.bill_ids for item in merged.agenda] == [kept, (), ()]
        assert {item.text for item in merged.agenda} == {"changed"}
        assert len(merged.flags) == len(doubted)
        assert merge_records(merged, observed) == merged
