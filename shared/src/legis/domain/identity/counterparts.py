"""Decides whether records of the two houses are the same bill, by which rule, and on what evidence.

The houses share no key. A source's own statement is the strongest evidence: a URL, the number under which the bill
began in the other house, or another number of the bill. Equal numbers count only since the houses use one numbering
(2019), for types that cross from one house to the other, and only when titles or origins agree. Before 2019 equal
numbers mean nothing, except where one body numbers for the whole Congress. Across types nothing may be inferred either:
PLC 27/2016 of the Senado is PL 2646/2015 of the Câmara.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from legis.domain.bill import Bill, CounterpartHint
from legis.domain.identity.evidence import sentence
from legis.domain.identity.identifiers import print_label
from legis.domain.identity.originating_house import origin_evidence, origins_conflict
from legis.domain.identity.source_registry import counterpart_of, row_of
from legis.domain.identity.title_similarity import title_similarity
from legis.domain.merge import FORMER
from legis.domain.vocabulary import CounterpartRule, Source

COMMON_NUMBERING_SINCE = 2019

TITLES_ALIKE = 0.6
"""Minimum similarity of titles that agree. Of 60 000 random pairs among 53 173 real PLs, 1 in 20 000 is this similar;
of neighbours by number, 1 in 90."""
_TITLES_UNLIKE = 0.2
_CROSSING = frozenset({"PL", "PLP", "PEC", "PDL", "PDC", "PDS", "PLS", "PLC"})
_CONGRESS_NUMBERED = frozenset({"MPV", "PLN", "PLV", "PDN", "PRN"})
_FIRST_YEAR_OF_ONE_SERIES = 2002  # before, provisional measures were reissued monthly under one number
_RULES = tuple(CounterpartRule)  # strongest first
_CONFIDENCE = {
    CounterpartRule.EXPLICIT_URI: 1.0,
    CounterpartRule.INITIAL_IDENTIFIER: 0.98,
    CounterpartRule.OTHER_NUMBER: 0.95,
}

Label = tuple[str, int, int]
"""Type code, number, year."""


@dataclass(frozen=True, slots=True)
class CounterpartMatch:
    """One link. `confidence` is from 0 to 1, comparable between rules; `evidence` is for people to read."""

    bill_id: str
    counterpart_id: str
    rule: CounterpartRule
    confidence: float
    evidence: tuple[str, ...]


def candidate_labels(bill: Bill) -> tuple[str, ...]:
    """Labels (`PL 2630/2020`, upper case) that a record of the other house may have or name if it is this bill.

    This record's own numbers are among them for every type that crosses, even from before 2019, since the other
    house's record may name them; `match` decides what an equal number is worth. A source outside Congress has none.
    """
    if counterpart_of(bill.source) is None:
        return ()
    own = [label for label in _own_labels(bill) if label[0] in _CROSSING | _CONGRESS_NUMBERED]
    named = [(hint.type_code.upper(), hint.number, hint.year) for hint in _hints(bill)]
    return tuple(dict.fromkeys(print_label(code, str(number), year) for code, number, year in (*own, *named)))


def match(bill: Bill, candidates: Sequence[Bill]) -> tuple[CounterpartMatch, ...]:
    """The candidates that are this bill in the other house, strongest link first; candidates of its own house are
    ignored.

    There are several only where a source itself names each, plain records before those with a suffix. A link by equal
    number is the only link: there is none beside a named one, and none where two candidates are equally good.
    """
    plain_first = sorted(candidates, key=lambda other: (_has_suffix(other), other.id))
    found = [link for other in plain_first if (link := _link(bill, other))]
    found.sort(key=lambda link: (_RULES.index(link.rule), -link.confidence))
    named = tuple(link for link in found if link.rule is not CounterpartRule.SAME_IDENTIFIER)
    if named or not found:
        return named
    best, *others = found
    return () if others and others[0].confidence == best.confidence else (best,)


def _link(bill: Bill, other: Bill) -> CounterpartMatch | None:
    """The strongest link between two records, one of each house; the same whichever of them is asked."""
    if counterpart_of(bill.source) != other.source:
        return None
    camara, senado = (bill, other) if bill.source is Source.CAMARA else (other, bill)
    alike = title_similarity(camara.title, senado.title)
    titles = () if alike is None else (sentence("TITLES_ALIKE", value=f"{alike:.2f}"),)
    said = sorted({*_named(camara, senado), *_named(senado, camara)}, key=lambda pair: (_RULES.index(pair[0]), pair[1]))
    if said:
        rule, confidence = said[0][0], _CONFIDENCE[said[0][0]]
        evidence: tuple[str, ...] = (*dict.fromkeys(text for _, text in said), *titles)
    else:
        rule = CounterpartRule.SAME_IDENTIFIER
        verdict = _same_number(camara, senado, alike)
        if verdict is None:
            return None
        confidence, reasons = verdict
        evidence = (*reasons, *titles)
    return CounterpartMatch(bill.id, other.id, rule, confidence, evidence)


def _named(bill: Bill, other: Bill) -> Iterator[tuple[CounterpartRule, str]]:
    """Statements in `bill` that name `other`."""
    labels = set(_own_labels(other))
    for hint in _hints(bill):
        by_id = hint.rule is CounterpartRule.EXPLICIT_URI and hint.upstream_id in (other.upstream_id, other.legacy_id)
        if (hint.upstream_id and by_id) or (hint.type_code.upper(), hint.number, hint.year) in labels:
            yield hint.rule, f"{bill.id}: {hint.evidence}"


def _hints(bill: Bill) -> Iterable[CounterpartHint]:
    """The hints in a record at its counterpart in the other house, by rule; numbers it has there are hints too."""
    other = row_of(counterpart_of(bill.source) or "")
    if other is None:
        return
    theirs = other.chamber
    yield from (hint for hint in bill.counterpart_hints if hint.rule in _CONFIDENCE and hint.chamber is theirs)
    for item in bill.other_identifiers:
        if item.chamber is theirs and item.number and item.year:
            yield CounterpartHint(
                rule=CounterpartRule.OTHER_NUMBER,
                chamber=theirs,
                type_code=item.type_code,
                number=item.number,
                year=item.year,
                evidence=f"also numbered {item.identifier}",
            )


def _own_labels(bill: Bill) -> tuple[Label, ...]:
    """The present and former numbers of this record in its own house, the present one first."""
    now = _label(bill.type_code, bill.number, bill.year)
    former = (_label(i.type_code, i.number, i.year) for i in bill.other_identifiers if i.note == FORMER)
    return tuple(label for label in (now, *former) if label)


def _label(type_code: str, number: int | None, year: int | None) -> Label | None:
    return (type_code.upper(), number, year) if type_code and number and year else None


def _same_number(camara: Bill, senado: Bill, alike: float | None) -> tuple[float, tuple[str, ...]] | None:
    """Confidence and evidence that two records of equal number are one bill; None where they are not, or it cannot be
    decided.
    """
    if _has_suffix(camara) or _has_suffix(senado):  # "(Substitutivo-CD)", "(fase 2)": records separate from the bill
        return None
    label = _label(camara.type_code, camara.number, camara.year)
    if label is None or label != _label(senado.type_code, senado.number, senado.year):
        return None
    code, number, year = label
    same = sentence("SAME_NUMBER", value=print_label(code, str(number), year))
    titles_agree = alike is not None and alike >= TITLES_ALIKE
    if code in _CONGRESS_NUMBERED and year >= _FIRST_YEAR_OF_ONE_SERIES and titles_agree:
        return 0.9, (same, sentence("ONE_NUMBERING"))
    if code not in _CROSSING or year < COMMON_NUMBERING_SINCE or origins_conflict(camara, senado):
        return None
    origin = origin_evidence(camara, senado)
    if titles_agree and alike is not None:
        return (0.9 if origin else round(0.6 + 0.2 * alike, 2)), (same, *origin)
    doubtful = alike is not None and alike < _TITLES_UNLIKE
    return (0.6 if doubtful else 0.7, (same, *origin)) if origin else None


def _has_suffix(bill: Bill) -> bool:
    return "(" in bill.identifier.removeprefix(bill.type_code)
