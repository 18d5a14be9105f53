"""That both sides of a link see the same link."""

from hypothesis import given
from hypothesis import strategies as st
from legis.domain.bill import Bill
from legis.domain.identity.counterparts import candidate_labels, match
from legis.domain.vocabulary import Chamber, ChamberRole, CounterpartRule, Source
from unit.legis.domain.identity.counterparts.records import FAKE_NEWS, HARVEST, hint, only, record

RULES = list(CounterpartRule)
LABELS = st.sampled_from(["PL 1/2020", "PL 2/2020", "PL 1/2015", "MPV 1/2018", "PL 1/2020 (fase 2)"])


def _records(source: Source, own: Chamber, theirs: Chamber) -> st.SearchStrategy[Bill]:
    return st.builds(
        lambda label, **claims: record(source, label, **{k: v for k, v in claims.items() if v is not None}),
        LABELS,
        title=st.sampled_from([None, FAKE_NEWS, HARVEST, FAKE_NEWS + " NOVA EMENTA: " + HARVEST]),
        introduced_on=st.sampled_from([None, "2015-02-03", "2020-02-03", "2021-02-03"]),
        originating_chamber=st.sampled_from([None, own, theirs]),
        chamber_role=st.sampled_from([None, *ChamberRole]),
        counterpart_hints=st.lists(
            st.builds(hint, st.sampled_from(RULES), st.sampled_from([own, theirs]), LABELS), max_size=2
        ).map(tuple),
    )


@given(_records(Source.CAMARA, Chamber.CAMARA, Chamber.SENADO), _records(Source.SENADO, Chamber.SENADO, Chamber.CAMARA))
def test_both_sides_see_the_same_link(mine: Bill, theirs: Bill) -> None:
    there, back = match(mine, [theirs]), match(theirs, [mine])
    assert bool(there) == bool(back)
    if there:
        link = only(mine, theirs)
        assert 0 < link.confidence <= 1
        shared = set(candidate_labels(mine)) & set(candidate_labels(theirs))
        assert shared, "a link that no look-up by label would find"
