"""An observation laid over what is stored."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from legis.domain.bill import Action, Bill, Organization, OtherIdentifier, QualityFlag, Sponsorship
from legis.domain.merge import FORMER, merge
from legis.domain.vocabulary import Chamber, QualityFlagCode, Source, SponsorKind, SponsorshipRole

LABELS = ["PL 1/2020", "PL 2/2021", "PLP 3/2019"]
IDENTIFIERS = st.builds(
    OtherIdentifier,
    identifier=st.sampled_from(LABELS),
    type_code=st.just("PL"),
    chamber=st.sampled_from([Chamber.CAMARA, Chamber.SENADO, None]),
    note=st.sampled_from([None, "declared"]),
)
SPONSORSHIPS = st.builds(
    Sponsorship,
    name=st.sampled_from(["Ana", "Bia"]),
    role=st.just(SponsorshipRole.AUTHOR),
    kind=st.just(SponsorKind.LEGISLATOR),
    legislator_id=st.sampled_from([None, "7", "8"]),
    party=st.sampled_from([None, "ABC", "DEF"]),
    state=st.sampled_from([None, "SP"]),
)
FLAGS = st.builds(
    QualityFlag,
    code=st.sampled_from([QualityFlagCode.TITLE_MISSING, QualityFlagCode.DATE_IN_FUTURE]),
    field=st.sampled_from(["title", "latest_action", "actions[3].date", "nickname", "whole record"]),
)
CLAIMS = st.fixed_dictionaries(
    {},
    optional={
        "identifier": st.sampled_from(LABELS),
        "chamber": st.sampled_from([Chamber.CAMARA, None]),
        "title": st.sampled_from([None, "Um", "Dois"]),
        "nickname": st.sampled_from([None, "Lei"]),
        "keywords": st.lists(st.sampled_from("ab"), max_size=2).map(tuple),
        "other_identifiers": st.lists(IDENTIFIERS, max_size=3).map(tuple),
        "sponsorships": st.lists(SPONSORSHIPS, max_size=4).map(tuple),
        "quality_flags": st.lists(FLAGS, max_size=3).map(tuple),
        "extras": st.dictionaries(st.sampled_from("xy"), st.integers(0, 2), max_size=2),
    },
)


def bill(**claims: Any) -> Bill:
    return Bill(source=Source.CAMARA, upstream_id="1", **claims)


BILLS = CLAIMS.map(lambda claims: bill(**claims))


@given(st.none() | BILLS, BILLS)
def test_the_same_observation_again_changes_nothing(stored: Bill | None, observed: Bill) -> None:
    once = merge(stored, observed)
    assert merge(once, observed) == once


@given(BILLS, BILLS)
def test_claimed_fields_are_taken_and_all_others_stay(stored: Bill, observed: Bill) -> None:
    merged = merge(merge(None, stored), observed)
    for name in ("identifier", "chamber", "title", "nickname", "keywords"):
        origin = observed if name in observed.model_fields_set else stored
        assert getattr(merged, name) == getattr(origin, name)


@given(st.lists(BILLS, min_size=1, max_size=6))
def test_a_number_once_borne_is_never_lost(observations: list[Bill]) -> None:
    stored: Bill | None = None
    borne: set[str] = set()
    for observed in observations:
        stored = merge(stored, observed)
        borne |= {stored.identifier} - {""}
        former = {item.identifier for item in stored.other_identifiers if item.note == FORMER}
        assert borne <= former | {stored.identifier}


@given(st.lists(BILLS, min_size=1, max_size=5))
def test_no_entry_is_held_twice(observations: list[Bill]) -> None:
    stored: Bill | None = None
    for observed in observations:
        stored = merge(stored, observed)
        keys = [(item.identifier, item.chamber) for item in stored.other_identifiers]
        assert len(keys) == len(set(keys))
        assert len(stored.quality_flags) == len(set(stored.quality_flags))


def test_what_is_claimed_as_nothing_becomes_nothing() -> None:
    stored = bill(title="Um", nickname="Lei", keywords=("a",))
    merged = merge(stored, bill(title=None, keywords=()))
    assert (merged.title, merged.nickname, merged.keywords) == (None, "Lei", ())


def test_a_renumbered_bill_keeps_its_old_number() -> None:
    stored = merge(None, bill(identifier="PL 1/2020", type_code="PL", number=1, year=2020, chamber=Chamber.CAMARA))
    merged = merge(stored, bill(identifier="PL 2/2021", type_code="PL", number=2, year=2021))
    old = OtherIdentifier(
        identifier="PL 1/2020", type_code="PL", number=1, year=2020, chamber=Chamber.CAMARA, note=FORMER
    )
    assert merged.other_identifiers == (old,)
    declared = old.model_copy(update={"note": None})
    for later in (bill(title="Um"), bill(other_identifiers=()), bill(other_identifiers=(declared,))):
        merged = merge(merged, later)
        assert merged.other_identifiers == (old,)


def test_a_number_taken_back_is_no_longer_former() -> None:
    merged = None
    for label in ("PL 1/2020", "PL 2/2021", "PL 1/2020"):
        merged = merge(merged, bill(identifier=label))
    assert merged is not None
    assert [item.identifier for item in merged.other_identifiers] == ["PL 2/2021"]


def test_declared_numbers_are_replaced_and_former_ones_are_not() -> None:
    other = OtherIdentifier(identifier="PL 7/2017", type_code="PL", chamber=Chamber.SENADO)
    stored = bill(identifier="PL 1/2020", chamber=Chamber.CAMARA, other_identifiers=(other,))
    assert merge(stored, bill(title="Um")).other_identifiers == (other,)
    assert merge(stored, bill(other_identifiers=())).other_identifiers == ()


def _signed(name: str, legislator_id: str | None = None, party: str | None = None, state: str | None = None) -> Any:
    return Sponsorship(
        name=name,
        role=SponsorshipRole.AUTHOR,
        kind=SponsorKind.LEGISLATOR,
        legislator_id=legislator_id,
        party=party,
        state=state,
    )


def test_party_and_state_outlast_an_answer_without_them() -> None:
    stored = bill(sponsorships=(_signed("Ana", "7", "ABC", "SP"), _signed("Bia", None, "DEF", "RJ")))
    observed = bill(sponsorships=(_signed("Ana Maria", "7"), _signed("Bia", None, "XYZ"), _signed("Caio")))
    assert merge(stored, observed).sponsorships == (
        _signed("Ana Maria", "7", "ABC", "SP"),
        _signed("Bia", None, "XYZ", "RJ"),
        _signed("Caio"),
    )


def test_what_is_seen_now_outweighs_what_was_stored() -> None:
    stored = bill(sponsorships=(_signed("Ana", "7", "ABC"),))
    merged = merge(stored, bill(sponsorships=(_signed("Ana", "7"), _signed("Ana", "7", "DEF"))))
    assert [item.party for item in merged.sponsorships] == ["DEF", "DEF"]


def test_people_of_one_name_are_told_apart_by_id() -> None:
    stored = bill(sponsorships=(_signed("Ana", "7", "ABC"), _signed("Ana", "8", "DEF")))
    merged = merge(stored, bill(sponsorships=(_signed("Ana", "8"), _signed("Ana"))))
    assert [item.party for item in merged.sponsorships] == ["DEF", None]


def test_flags_go_with_the_field_they_warn_of() -> None:
    title = QualityFlag(code=QualityFlagCode.TITLE_MISSING, field="title")
    action = QualityFlag(code=QualityFlagCode.DATE_IN_FUTURE, field="actions[3].date")
    stored = bill(title=None, actions=(), quality_flags=(title, action))
    assert merge(stored, bill(title="Um")).quality_flags == (action,)
    assert merge(stored, bill(actions=())).quality_flags == (title,)
    assert merge(stored, bill(nickname="Lei", quality_flags=())).quality_flags == (title, action)


def test_extras_add_up() -> None:
    assert merge(bill(extras={"a": 1, "b": 1}), bill(extras={"b": 2})).extras == {"a": 1, "b": 2}


def test_a_member_of_no_party_does_not_keep_the_party_of_before() -> None:
    def signed(**party: str | None) -> Bill:
        return bill(sponsorships=(Sponsorship(name="Ana", role="AUTHOR", kind="LEGISLATOR", state="SP", **party),))

    before = signed(party="MDB", party_text="PMDB")
    none = merge(before, signed(party=None, party_text="S/PARTIDO")).sponsorships[0]
    assert (none.party, none.party_text) == (None, "S/PARTIDO")
    unsaid = merge(before, signed(party=None)).sponsorships[0]
    assert (unsaid.party, unsaid.party_text) == ("MDB", "PMDB")


def test_a_body_seen_without_its_name_keeps_it() -> None:
    named = Organization(code="2003", acronym="CCJC", name="Comissão de Constituição")
    bare, other = Organization(code="2003", acronym="CCJC"), Organization(code="180", acronym="PLEN")
    stored = bill(organization=named, latest_action=Action(date=None, kind="OTHER", organization=named))
    again = merge(stored, bill(organization=bare, latest_action=Action(date=None, kind="VOTED", organization=bare)))
    assert again.organization == named
    assert again.latest_action is not None
    assert (again.latest_action.kind, again.latest_action.organization) == ("VOTED", named)
    moved = merge(stored, bill(organization=other))
    assert (moved.organization, moved.latest_action) == (other, stored.latest_action)
    renamed = named.model_copy(update={"name": "Outra"})
    assert merge(stored, bill(organization=renamed)).organization == renamed
