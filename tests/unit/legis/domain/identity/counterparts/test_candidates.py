"""Which of several candidates is the other record of a bill."""

from legis.domain.identity.counterparts import match
from legis.domain.vocabulary import Chamber, ChamberRole, CounterpartRule
from unit.legis.domain.identity.counterparts.records import FAKE_NEWS, camara, hint, other_number, senado


def test_the_plain_record_wins_over_one_with_a_suffix() -> None:
    mine = camara("PL 458/2021", title=FAKE_NEWS)
    plain = senado("PL 458/2021", "5", title=FAKE_NEWS)
    substitute = senado("PL 458/2021 (Substitutivo-CD)", "4", title=FAKE_NEWS)
    assert [link.counterpart_id for link in match(mine, [substitute, plain])] == ["senado-5"]
    assert match(mine, [substitute]) == ()
    named = other_number("PL 458/2021", Chamber.CAMARA)
    both = [bill.model_copy(update={"other_identifiers": (named,)}) for bill in (substitute, plain)]
    assert [link.counterpart_id for link in match(mine, both)] == ["senado-5", "senado-4"]


def test_of_two_equal_candidates_neither() -> None:
    mine = camara("PL 10/2021", title=FAKE_NEWS)
    twins = [senado("PL 10/2021", key, title=FAKE_NEWS) for key in ("3", "4")]
    assert match(mine, twins) == ()
    better = twins[1].model_copy(update={"chamber_role": ChamberRole.REVIEWING})
    assert [link.counterpart_id for link in match(mine, [twins[0], better])] == ["senado-4"]


def test_what_is_named_leaves_no_room_for_what_is_alike() -> None:
    named = hint(CounterpartRule.EXPLICIT_URI, Chamber.SENADO, "PEC 55/2019")
    mine = camara("PEC 41/2019", title=FAKE_NEWS, counterpart_hints=(named,))
    alike = senado("PEC 41/2019", "4", title=FAKE_NEWS)
    assert [link.counterpart_id for link in match(mine, [alike, senado("PEC 55/2019", "5")])] == ["senado-5"]
