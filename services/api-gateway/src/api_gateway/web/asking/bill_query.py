"""Parameters of a list of bills made into a filter and an order, or a complaint that names the parameter."""

import re
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache

from legis.domain.identifiers import BillLabel, parse_label
from legis.domain.search_text import fold
from legis.domain.vocabulary import BillStatus, BillType, Chamber

from api_gateway.documents.derive import subject_key
from api_gateway.documents.models import BillSummary
from api_gateway.store.bill_filter import BillFilter, SearchText, Sort, SortKey
from api_gateway.store.counting import FACETS
from api_gateway.web.asking.parameters import MAX_Q, BillParameters, FilterParameters
from api_gateway.web.asking.texts import (
    InvalidParameter,
    as_text,
    calendar_day,
    choice,
    clean,
    instant,
    one_of,
    values,
    whole_number,
)

_NORTH = ("AC", "AM", "AP", "PA", "RO", "RR", "TO")
_NORTHEAST = ("AL", "BA", "CE", "MA", "PB", "PE", "PI", "RN", "SE")
STATES = (*_NORTH, *_NORTHEAST, "DF", "GO", "MS", "MT", "ES", "MG", "RJ", "SP", "PR", "RS", "SC")
_NUMBER_AND_YEAR = re.compile(r"\s*(\d[\d.]{0,11})\s*/\s*(\d{4})\s*")
_SORTS = {
    **{key.value: Sort(key, descending=False) for key in SortKey},
    **{f"-{key.value}": Sort(key, descending=True) for key in SortKey},
    "relevance": Sort(SortKey.RELEVANCE),
}
_MAX_URN = 300
_SHORTEST_BEGINNING = 3
_BEGINNING = re.compile(r'"[^"]*"?|(?<![\w-])(?P<word>\w+)\*')

_chamber = one_of(Chamber)
_status = one_of(BillStatus)
_state = one_of(STATES)
_sort_name = one_of(_SORTS)
_facet_name = one_of(FACETS)
_field_name = one_of(BillSummary.model_fields)


def bill_filter(asked: FilterParameters, type_codes: frozenset[str]) -> BillFilter:
    """The filter. `type_codes` are the codes met in the store, beside our own. Raises InvalidParameter."""
    introduced_from, introduced_to = asked.introduced_from, asked.introduced_to
    return BillFilter(
        text=None if asked.q is None else search_text(asked.q),
        chamber=choice("chamber", asked.chamber, _chamber),
        type_code=choice("type", asked.type, _type_code(type_codes)),
        number=choice("number", asked.number, whole_number),
        year=choice("year", asked.year, whole_number),
        status=choice("status", asked.status, _status),
        in_progress=asked.in_progress,
        author=choice("author", asked.author, as_text),
        party=choice("party", asked.party, _upper),
        state=choice("state", asked.state, _state),
        subject=choice("subject", asked.subject, _subject),
        organization=choice("organization", asked.organization, _upper),
        introduced_from=None if introduced_from is None else calendar_day("introduced_from", introduced_from),
        introduced_to=None if introduced_to is None else calendar_day("introduced_to", introduced_to),
        last_action_from=_instant("last_action_from", asked.last_action_from),
        last_action_before=_instant("last_action_to", asked.last_action_to, day_end=True),
        changed_since=_instant("changed_since", asked.changed_since),
        ids=tuple(values("ids", asked.ids)),
        urns=tuple(urn.lower() for urn in values("urns", asked.urns, _MAX_URN)),
    )


@lru_cache(maxsize=8)
def _type_code(met: frozenset[str]) -> Callable[[str, str], str]:
    """The reader of type codes: our own, and those met in the store."""
    return one_of({*BillType, *met})


def bill_sort(asked: BillParameters) -> Sort:
    """The order. Raises InvalidParameter for relevance without words."""
    if asked.sort is None:
        return Sort()
    sort = _SORTS[_sort_name("sort", clean("sort", asked.sort, 40))]
    if sort.key is SortKey.RELEVANCE and asked.q is None:
        raise InvalidParameter("sort", "relevance needs q; without words nothing is more relevant")
    return sort


def chosen_fields(asked: BillParameters) -> tuple[str, ...]:
    """The fields of each bill that are wanted, in the document's order, `id` first; empty for all."""
    chosen = {_field_name("fields", name) for name in values("fields", asked.fields)}
    return tuple(name for name in BillSummary.model_fields if name in chosen or name == "id") if chosen else ()


def chosen_facets(asked: BillParameters) -> tuple[str, ...]:
    """The facets that are wanted, each once."""
    return tuple(dict.fromkeys(_facet_name("facets", name) for name in values("facets", asked.facets)))


def search_text(q: str) -> SearchText:
    """The words, folded as the index is; where they read as a bill's label, that too."""
    text = clean("q", q, MAX_Q)
    folded, beginnings = _beginnings(fold(text))
    return SearchText(folded, _label(text), beginnings)


def _beginnings(folded: str) -> tuple[str, tuple[str, ...]]:
    """The text without the words that end in `*`, and these; inside quotes a star means nothing."""
    found: list[str] = []

    def take(match: re.Match[str]) -> str:
        word = match["word"]
        if word is None:
            return match[0]
        if len(word) < _SHORTEST_BEGINNING:
            raise InvalidParameter("q", f"{word}*: a word's beginning has {_SHORTEST_BEGINNING} letters at least")
        found.append(word)
        return " "

    return _BEGINNING.sub(take, folded).strip(), tuple(dict.fromkeys(found))


def _label(text: str) -> BillLabel | None:
    bare = _NUMBER_AND_YEAR.fullmatch(text)
    if bare:
        digits = bare[1].replace(".", "")
        number = int(digits)
        return BillLabel("", number, digits, int(bare[2])) if number < 2**31 else None
    label = parse_label(text)
    # what follows a label is no part of it: `PL 2630/2020 fake news` is a search, not a name
    if label is None or label.suffix or not (label.number is None or label.number < 2**31):
        return None
    return label


def _upper(_name: str, value: str) -> str:
    return value.upper()  # acronyms are stored so


def _subject(name: str, value: str) -> str:
    key = subject_key(value)
    if not key:
        raise InvalidParameter(name, f"{value!r} holds no letter or digit")
    return key


def _instant(name: str, value: str | None, *, day_end: bool = False) -> datetime | None:
    return None if value is None else instant(name, value, day_end=day_end)
