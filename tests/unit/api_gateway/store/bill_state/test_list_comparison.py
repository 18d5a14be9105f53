"""What of an observation may be laid over a bill whose lists it shows shorter than they are stored."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from api_gateway.store.bill_state.list_comparison import ComparedReading, ListState, Stored
from api_gateway.store.bill_state.list_doubts import FEW_DOUBTS, NO_ANSWER, RECENT_TIMES, Doubt, ListHealth, SettleRule
from api_gateway.store.bill_state.list_entries import VOTES
from api_gateway.store.bill_state.rendered_histories import History
from legis.domain.bill import Action, Bill, Provenance, QualityFlag, RelatedBill, Sponsorship, Vote, VoteEvent
from legis.domain.vocabulary import (
    ActionKind,
    BillStatus,
    QualityFlagCode,
    ReadingPart,
    RelationKind,
    Source,
    SponsorKind,
    SponsorshipRole,
)
from legis.domain.voting import VoteOption
from legis.events import BillObserved, Walk, WindowRef

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
SETTLE = 600.0


def authors(*names: str) -> tuple[Sponsorship, ...]:
    role, kind = SponsorshipRole.AUTHOR, SponsorKind.LEGISLATOR
    return tuple(Sponsorship(name=name, role=role, kind=kind, legislator_id=name) for name in names)


def steps(*orders: int) -> tuple[Action, ...]:
    return tuple(Action(date="2026-11-20", order=order, kind=ActionKind.OTHER) for order in orders)


def voting(key: str, *members: str, **more: Any) -> VoteEvent:
    votes = tuple(Vote(name=name, legislator_id=name, option=VoteOption.YES) for name in members)
    return VoteEvent(**{"upstream_id": key, "date": "2026-11-20", "votes": votes, **more})


def event(at: float, part: ReadingPart = ReadingPart.DETAIL, **claims: Any) -> BillObserved:
    seen_at = NOON + timedelta(seconds=at)
    return BillObserved(
        source=Source.CAMARA, published_at=seen_at, window=WindowRef(window_id="w", walk=Walk.INCREMENTAL, index=0),
        read_seq=int(at), bill=Bill(source=Source.CAMARA, upstream_id="1", **claims), part=part,
        provenance=Provenance(url="http://x", fetched_at=seen_at, payload_sha256="0" * 64, parser_version="1"),
    )  # fmt: skip


class Kept:
    """A bill as it is stored, laid over by one observation after another."""

    def __init__(self, **claims: Any) -> None:
        self.bill = Bill(source=Source.CAMARA, upstream_id="1", **claims)
        self.histories = {name: History.of(name, getattr(self.bill, name)) for name in ("actions", "vote_events")}
        self.lists = ListState(SettleRule(SETTLE))

    def health(self, **lists: ListHealth) -> None:
        self.lists.rule = SettleRule(SETTLE, {("camara", name.replace("__", ".")): one for name, one in lists.items()})

    def lay(self, *args: Any, **claims: Any) -> ComparedReading:
        weighed = self.lists.compare(event(*args, **claims), Stored(self.bill, self.histories))
        self.lists.apply(weighed)
        claimed = {name: getattr(weighed.bill, name) for name in weighed.bill.model_fields_set}
        self.bill = self.bill.model_copy(update=claimed)
        self.histories |= weighed.histories
        return weighed

    @property
    def names(self) -> list[str]:
        return [item.name for item in self.bill.sponsorships]

    def orders(self) -> list[int | None]:
        return [entry.order for entry in self.histories["actions"].entries]

    @property
    def doubts(self) -> Mapping[str, Doubt]:
        return self.lists.doubts


def flags(weighed: ComparedReading) -> list[tuple[str, str]]:
    return [(flag.code.value, flag.field) for flag in weighed.bill.quality_flags]


def test_what_shrank_is_kept_flagged_and_not_remembered() -> None:
    kept = Kept(sponsorships=authors("a", "b"), title="velho")
    weighed = kept.lay(10, sponsorships=authors("b"), title="novo")
    assert (kept.names, kept.bill.title) == (["a", "b"], "novo")
    assert flags(weighed) == [("LIST_IN_DOUBT", "sponsorships")]
    assert weighed.doubtful
    assert kept.doubts["sponsorships"].first_at == NOON + timedelta(seconds=10)


def test_it_is_believed_when_a_settled_reading_lacks_the_same() -> None:
    kept = Kept(sponsorships=authors("a", "b"))
    kept.lay(0, sponsorships=authors("b"))
    assert kept.lay(SETTLE - 1, sponsorships=authors("b")).doubtful
    assert kept.names == ["a", "b"]
    weighed = kept.lay(SETTLE, sponsorships=authors("b"))
    assert (kept.names, kept.doubts, flags(weighed), weighed.doubtful) == (["b"], {}, [], False)
    assert weighed.accepted == {"sponsorships"}


def test_other_entries_missing_begin_a_doubt_of_their_own() -> None:
    kept = Kept(sponsorships=authors("a", "b", "c"))
    kept.lay(0, sponsorships=authors("b", "c"))
    kept.lay(SETTLE, sponsorships=authors("a", "c"))
    assert (kept.names, kept.doubts["sponsorships"].readings) == (["a", "b", "c"], 1)
    kept.lay(2 * SETTLE, sponsorships=authors("a", "c"))
    assert kept.names == ["a", "c"]


def test_it_ends_when_the_list_comes_back() -> None:
    kept = Kept(sponsorships=authors("a", "b"))
    kept.lay(0, sponsorships=authors("b"))
    weighed = kept.lay(1, sponsorships=authors("a", "b"))
    assert (kept.doubts, flags(weighed), weighed.doubtful, weighed.whole) == ({}, [], False, {"sponsorships": 2})
    kept.lay(SETTLE, sponsorships=authors("b"))
    assert kept.names == ["a", "b"], "what was missing before it came back counts for nothing"


def test_an_entry_in_the_place_of_another_is_a_loss() -> None:
    kept = Kept(sponsorships=authors("a", "b"))
    kept.lay(0, sponsorships=authors("x", "b"))
    assert kept.names == ["a", "b", "x"], "kept, and what is new is added"
    kept.lay(SETTLE, sponsorships=authors("x", "b"))
    assert kept.names == ["x", "b"]


def test_a_list_of_somebody_else_adds_nothing() -> None:
    kept = Kept(sponsorships=authors("a", "b"))
    kept.lay(0, sponsorships=authors("x", "y"))
    assert kept.names == ["a", "b"]


def test_a_move_is_stored_while_older_entries_are_missing() -> None:
    kept = Kept(actions=steps(1, 2, 3))
    kept.lay(0, actions=steps(3, 4))
    assert kept.orders() == [1, 2, 3, 4]
    kept.lay(1, actions=steps(1, 2, 3, 4))
    assert (kept.orders(), kept.doubts) == ([1, 2, 3, 4], {})


@pytest.mark.parametrize("name", ["sponsorships", "actions", "vote_events"])
def test_no_answer_claims_nothing_and_is_never_believed(name: str) -> None:
    kept = Kept(sponsorships=authors("a"), actions=steps(1), vote_events=(voting("v"),))
    warned = {"quality_flags": (QualityFlag(code=QualityFlagCode.LIST_IN_DOUBT, field=name),)}
    for at in (0, SETTLE, 1000 * SETTLE):
        assert flags(kept.lay(at, **warned)) == [("LIST_IN_DOUBT", name)]
    assert (kept.doubts[name].missing, kept.doubts[name].readings) == (NO_ANSWER, 3)
    assert (kept.names, kept.orders(), len(kept.histories["vote_events"].items)) == (["a"], [1], 1)


def test_no_answer_neither_confirms_nor_ends_a_doubt() -> None:
    kept = Kept(sponsorships=authors("a", "b"))
    warned = {"quality_flags": (QualityFlag(code=QualityFlagCode.LIST_IN_DOUBT, field="sponsorships"),)}
    kept.lay(0, sponsorships=authors("b"))
    kept.lay(SETTLE, **warned)
    assert kept.names == ["a", "b"]
    kept.lay(SETTLE + 1, sponsorships=authors("b"))
    assert kept.names == ["b"]


def test_members_votes_are_kept_and_the_rest_of_the_voting_is_not_held_up() -> None:
    kept = Kept(vote_events=(voting("v", "a", "b", counts={"yes": 2}), voting("w")))
    weighed = kept.lay(0, vote_events=(voting("v", description="retificada"), voting("w")))
    first = kept.histories["vote_events"].entries[0]
    assert (len(first.votes), first.counts.yes, first.description) == (2, 2, "retificada")
    assert flags(weighed) == [("LIST_IN_DOUBT", VOTES)]
    kept.health(vote_events__votes=ListHealth(open=1, last_whole_at=NOON + timedelta(seconds=SETTLE)))
    kept.lay(SETTLE, vote_events=(voting("v", description="retificada"), voting("w")))
    assert kept.histories["vote_events"].entries[0].votes == ()


def test_votes_that_were_not_asked_for_stay_without_a_doubt() -> None:
    kept = Kept(vote_events=(voting("v", "a", "b", counts={"yes": 2}),))
    unasked = VoteEvent(upstream_id="v", date="2026-11-20", description="outra")
    weighed = kept.lay(0, vote_events=(unasked,))
    (only,) = kept.histories["vote_events"].entries
    assert (len(only.votes), only.counts.yes, only.description, weighed.doubtful) == (2, 2, "outra", False)


def test_a_voting_that_is_missing_keeps_its_votes() -> None:
    kept = Kept(vote_events=(voting("v", "a"), voting("w", "b")))
    kept.lay(0, vote_events=(voting("w", "b"), voting("x", "c")))
    assert [(e.upstream_id, len(e.votes)) for e in kept.histories["vote_events"].entries] == [
        ("v", 1), ("w", 1), ("x", 1),
    ]  # fmt: skip


BEFORE, WELL_AFTER, TOO_LATE = (NOON + timedelta(seconds=after) for after in (0, SETTLE / 2, SETTLE + 1))
OTHERS = ("1", "2")


@pytest.mark.parametrize(
    ("health", "shown", "believed"),
    [
        (ListHealth(open=1), ("b",), True),
        (ListHealth(open=2), ("b",), False),
        (ListHealth(open=1, last_many_at=BEFORE, witnesses=("1",)), ("b",), True),
        (ListHealth(open=1, last_many_at=BEFORE, witnesses=OTHERS), ("b",), False),
        (ListHealth(open=1, last_whole_at=WELL_AFTER, witnesses=OTHERS), ("b",), False),
        (ListHealth(open=1, last_many_at=WELL_AFTER, witnesses=OTHERS), ("b",), True),
        *[(ListHealth(1, 1, 1, TOO_LATE, TOO_LATE, OTHERS), shown, False) for shown in (("b",), ())],
        (ListHealth(open=1), (), False),
        (ListHealth(open=1, last_whole_at=BEFORE, witnesses=OTHERS), (), False),
        (ListHealth(open=1, last_whole_at=WELL_AFTER, witnesses=OTHERS), (), True),
        (ListHealth(open=6, recent=6, whole=2, last_many_at=WELL_AFTER, witnesses=OTHERS), ("b",), False),
        (ListHealth(open=6, recent=6, whole=3, last_many_at=WELL_AFTER, witnesses=OTHERS), ("b",), True),
        (ListHealth(open=60, recent=5, whole=0, last_many_at=WELL_AFTER, witnesses=OTHERS), ("b",), True),
    ],
)
def test_what_other_bills_show_decides(health: ListHealth, shown: tuple[str, ...], believed: bool) -> None:
    kept = Kept(sponsorships=authors("a", "b"))
    kept.health(sponsorships=health)
    kept.lay(0, sponsorships=authors(*shown))
    weighed = kept.lay(SETTLE, sponsorships=authors(*shown))
    assert kept.names == (list(shown) if believed else ["a", "b"])
    assert weighed.refused == (set() if believed else {"sponsorships"})


def test_of_two_outages_each_may_hold_one_reading() -> None:
    """Between them the list was whole for others; about the second reading it was not."""
    kept = Kept(sponsorships=authors("a", "b"))
    between = NOON + timedelta(seconds=5 * SETTLE)
    kept.health(sponsorships=ListHealth(open=1, last_many_at=between, witnesses=OTHERS))
    kept.lay(0, sponsorships=authors("b"))
    assert kept.lay(10 * SETTLE, sponsorships=authors("b")).refused == {"sponsorships"}
    about_then = NOON + timedelta(seconds=9.6 * SETTLE)
    kept.health(sponsorships=ListHealth(open=1, last_many_at=about_then, witnesses=OTHERS))
    kept.lay(20 * SETTLE, sponsorships=authors("b"))
    assert kept.names == ["b"], "about the reading before, others were whole"


@pytest.mark.parametrize(
    ("open_doubts", "shown", "believed"),
    [(1, (), True), (FEW_DOUBTS, (), True), (FEW_DOUBTS + 1, (), False), (FEW_DOUBTS + 1, ("b",), True)],
)
def test_a_quiet_source_is_believed_after_a_day(open_doubts: int, shown: tuple[str, ...], believed: bool) -> None:
    kept = Kept(sponsorships=authors("a", "b"))
    kept.health(sponsorships=ListHealth(open=open_doubts, last_whole_at=BEFORE, witnesses=OTHERS))
    kept.lay(0, sponsorships=authors(*shown))
    kept.lay(RECENT_TIMES * SETTLE - 1, sponsorships=authors(*shown))
    assert kept.names == ["a", "b"]
    kept.lay(RECENT_TIMES * SETTLE, sponsorships=authors(*shown))
    assert kept.names == (list(shown) if believed else ["a", "b"])


def test_a_reading_that_left_a_doubt_is_known_again() -> None:
    kept = Kept(sponsorships=authors("a", "b"))
    kept.lay(10, sponsorships=authors("b"))
    assert kept.lists.lacked_by(10)
    assert not kept.lists.lacked_by(9)


@pytest.mark.parametrize("part", [ReadingPart.BULK, ReadingPart.LIST])
def test_a_row_of_a_file_raises_a_doubt_and_never_settles_one(part: ReadingPart) -> None:
    kept = Kept(sponsorships=authors("a", "b"))
    kept.lay(0, part, sponsorships=authors("b"))
    weighed = kept.lay(SETTLE, part, sponsorships=authors("b"))
    assert (kept.names, weighed.doubtful, weighed.whole) == (["a", "b"], False, {})
    kept.lay(SETTLE + 1, sponsorships=authors("b"))
    assert kept.names == ["b"]


def test_a_row_of_a_file_names_no_bill_that_refers_to_it() -> None:
    main = RelatedBill(kind=RelationKind.MAIN_BILL, upstream_id="7")
    others = tuple(RelatedBill(kind=RelationKind.RELATED, upstream_id=key) for key in ("8", "9"))
    kept = Kept(related_bills=(main, *others))
    weighed = kept.lay(0, ReadingPart.BULK, related_bills=(main,))
    assert (kept.bill.related_bills, weighed.doubtful) == ((main, *others), False)
    kept.lay(1, related_bills=(main,))
    assert "related_bills" in kept.doubts, "a detail with its list names them all"


def test_what_readers_make_of_the_history_stays_with_it() -> None:
    latest = Action(date="2026-11-20", order=3, kind=ActionKind.ENACTED)
    said = {"status_code": "1140", "status_text": "Transformado em lei", "latest_action": latest}
    kept = Kept(actions=steps(1, 2, 3), status=BillStatus.ENACTED, in_progress=False, **said)
    kept.lay(0, actions=(), status=BillStatus.APPROVED, in_progress=True, **said)
    assert (kept.bill.status, kept.bill.in_progress) == (BillStatus.ENACTED, False)
    kept.lay(1, actions=(), status=BillStatus.UNKNOWN, **{**said, "latest_action": None})
    assert (kept.bill.status, kept.bill.latest_action) == (BillStatus.ENACTED, latest)
    kept.lay(2, actions=(), status=BillStatus.ARCHIVED, **{**said, "status_code": "923", "status_text": "Arquivada"})
    assert kept.bill.status is BillStatus.ARCHIVED, "the source itself says something new"


def test_a_new_bill_has_nothing_to_lose() -> None:
    lists = ListState(SettleRule(SETTLE))
    weighed = lists.compare(event(0, sponsorships=(), actions=(), subjects=()), Stored())
    assert (weighed.doubts, weighed.doubtful, weighed.whole) == ({}, False, {})


def test_warnings_of_other_lists_stay_with_the_bill() -> None:
    kept = Kept(sponsorships=authors("a", "b"), actions=steps(1, 2))
    kept.lay(0, sponsorships=authors("b"))
    assert flags(kept.lay(1, actions=steps(1))) == [("LIST_IN_DOUBT", "actions"), ("LIST_IN_DOUBT", "sponsorships")]
