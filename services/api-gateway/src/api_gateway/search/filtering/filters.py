"""The registry of filters on bills, one row each: parameters, OpenAPI, queries, facets and docs are made from it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import chain
from typing import Any

from legis.domain.parties.party_names import parties_named
from legis.domain.vocabulary import BillStatus, BillType, Chamber
from legis.languages import Text

from api_gateway.documents.derive import subject_key
from api_gateway.search import orders
from api_gateway.search.filtering.bill_filter import BillFilter, Choice, Range
from api_gateway.search.filtering.values import (
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
from api_gateway.search.index_documents import microseconds, urn_key
from api_gateway.search.language.query_nodes import Phrase, Prefix, leaves
from api_gateway.search.language.text_query import MAX_WORDS, SearchText, read_text

MAX_Q = 1_000
"""Characters of `q`: nearly every title fits. Only its first words are looked for (`text_query.MAX_WORDS`)."""

MAX_PHRASES = 10
MAX_NAMES = 20
"""Limits of one query: phrases and prefixes, and names of one filter. Forty phrases take seconds over all bills."""
_MAX_URN = 300
_SEVERAL = "Repeated or comma-separated values are OR; a leading `-` excludes. "

_NORTH = ("AC", "AM", "AP", "PA", "RO", "RR", "TO")
_NORTHEAST = ("AL", "BA", "CE", "MA", "PB", "PE", "PI", "RN", "SE")
STATES = (*_NORTH, *_NORTHEAST, "DF", "GO", "MS", "MT", "ES", "MG", "RJ", "SP", "PR", "RS", "SC")


class Kind(StrEnum):
    """How the value of a filter is looked up in the index."""

    TEXT = "text"
    """Words of the query language."""
    TERM = "term"
    """A value exactly as it is in the field."""
    INTEGER = "integer"
    """A whole number."""
    BOOLEAN = "boolean"
    """True or false."""
    NAME = "name"
    """Words of one name, in any order; or the id of the person."""
    WORDS = "words"
    """Words that the field must all have."""
    KEYS = "keys"
    """Bills by key, including removed ones."""
    FROM = "from"
    """The lower limit of a range of dates."""
    TO = "to"
    """The upper limit of a range of dates."""


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter. `portuguese` is its name in feeds and, where the pages have no word of theirs, there; in lower case.
    `field` is the index field. `read` parses the text of a value into an index value and raises
    InvalidParameter. `facet` is the field whose values are counted, if the filter is a facet.
    """

    name: str
    portuguese: str
    kind: Kind
    field: str
    description: str
    example: Any
    read: Callable[[str, str], Any] = as_text
    facet: str | None = None
    means: Callable[[str], tuple[Any, ...]] | None = None
    """Returns the index values that a filter's value stands for, if there may be several."""

    @property
    def several(self) -> bool:
        """Whether the filter takes a list of values."""
        return self.kind in (Kind.TERM, Kind.INTEGER, Kind.NAME, Kind.WORDS, Kind.KEYS)


def _upper(_name: str, value: str) -> str:
    return value.upper()  # acronyms are stored in upper case


def _subject(name: str, value: str) -> str:
    key = subject_key(value)
    if not key:
        raise InvalidParameter(name, Text(f"{value!r} holds no letter or digit", f"{value!r} não tem letra nem dígito"))
    return key


def _urn(_name: str, value: str) -> str:
    return urn_key(value)


def _introduced_from(name: str, value: str) -> int:
    return orders.first_at(orders.of_day(calendar_day(name, value)))


def _introduced_to(name: str, value: str) -> int:
    return orders.first_at(orders.of_day(calendar_day(name, value)) + 1) - 1


def _acted_from(name: str, value: str) -> int:
    return orders.first_at(orders.from_instant(instant(name, value)))


def _acted_to(name: str, value: str) -> int:
    return orders.first_at(orders.from_instant(instant(name, value, day_end=True))) - 1


def _changed_since(name: str, value: str) -> int:
    return microseconds(instant(name, value))


FILTERS: tuple[Filter, ...] = (
    Filter(
        "q", "busca", Kind.TEXT, "words",
        "Words of title, abstract, keywords, subjects and authors' names, without regard to accents, case and plural; "
        '`"a phrase"`, `OR`/`OU`, `AND`/`E`, `-without`, parentheses, `beginning*`; or a label such as `PL 2630/2020`, '
        f"in any spelling. At most {MAX_Q} characters; of more than {MAX_WORDS} words the first {MAX_WORDS} are looked "
        "for. In a text of more than four words without small letters, `OU` and `E` are words", "educação básica",
    ),
    Filter("chamber", "casa", Kind.TERM, "chamber", _SEVERAL + "CAMARA, SENADO or CONGRESSO; open list", "CAMARA",
           one_of(Chamber), "chamber"),
    Filter("type", "tipo", Kind.TERM, "type",
           _SEVERAL + "Official type codes, or OTHER for those without a word of ours",
           "PL", as_text, "type_code"),
    Filter("number", "número", Kind.INTEGER, "number", _SEVERAL + "Official number", "2630", whole_number),
    Filter("year", "ano", Kind.INTEGER, "year", _SEVERAL + "Year of the official number", "2020", whole_number, "year"),
    Filter("status", "situação", Kind.TERM, "status", _SEVERAL + "Normalised status; open list", "IN_COMMITTEE",
           one_of(BillStatus), "status"),
    Filter("in_progress", "em tramitação", Kind.BOOLEAN, "in_progress", "Whether the bill is still moving", True),
    Filter("author", "autor", Kind.NAME, "names",
           _SEVERAL + "Words of one sponsor's name, all of which must occur, without "
           "regard to accents; or a legislator's id", "Alessandro Vieira", as_text, "author_name"),
    Filter("legislator_id", "parlamentar", Kind.TERM, "legislator_id",
           _SEVERAL + "Id of a sponsor: `camara-deputy-<id>`, "
           "`senado-senator-<code>`, or the code alone", "camara-deputy-204534"),
    Filter("party", "partido", Kind.TERM, "party",
           _SEVERAL + "Party of a sponsor by its key, or by any acronym that it had, accents "
           "and case aside: `PMDB` finds `MDB`, `uniao` finds `UNIÃO`. Where parties had the same acronym, `PL` is the "
           "last one and `PL-1985` the one of 1985", "PSB", as_text, "party", parties_named),
    Filter("state", "UF", Kind.TERM, "state", _SEVERAL + "Federal unit of a sponsor, two letters", "SP", one_of(STATES),
           "state"),
    Filter("subject", "tema", Kind.TERM, "subject",
           _SEVERAL + "Subject by its official name, accents and case aside; in a "
           "name with commas write `-` instead", "Educação", _subject, "subject"),
    Filter("organization", "órgão", Kind.TERM, "organization",
           _SEVERAL + "Acronym of the body that has the bill now", "CCJC",
           _upper, "organization"),
    Filter("rapporteur", "relator", Kind.NAME, "rapporteur_names",
           _SEVERAL + "Words of one rapporteur's name, or a legislator's "
           "id", "Orlando Silva"),
    Filter("regime", "regime", Kind.WORDS, "regime",
           _SEVERAL + "Words of the official regime of proceedings, such as `urgência`",
           "urgência"),
    Filter("introduced_from", "apresentada desde", Kind.FROM, "introduced",
           "First day of introduction", "2020-01-01", _introduced_from),
    Filter("introduced_to", "apresentada até", Kind.TO, "introduced",
           "Last day of introduction", "2020-12-31", _introduced_to),
    Filter("last_action_from", "última tramitação desde", Kind.FROM, "acted",
           "Lower limit of the latest action: an instant, or a day of Brasília, "
           "included; whole seconds", "2020-06-01", _acted_from),
    Filter("last_action_to", "última tramitação até", Kind.TO, "acted",
           "Upper limit of the latest action: an instant (excluded), or a day of Brasília "
           "(included); whole seconds", "2030-06-30", _acted_to),
    Filter("changed_since", "alterada desde", Kind.FROM, "changed_at",
           "Only bills whose content changed at or after this instant or day",
           "2020-01-01T00:00:00Z", _changed_since),
    Filter("ids", "proposições", Kind.KEYS, "id",
           "Batch get by our ids, at most 100; removed bills are shown too", "camara-2256735"),
    Filter("urns", "URN", Kind.KEYS, "urns",
           "Batch get by LexML URN or alias, with or without version and short type, at "
           "most 100; removed bills are shown too", "urn:lex:br:senado.federal:projeto.lei;pl:2020;2630", _urn),
)  # fmt: skip

BY_NAME: Mapping[str, Filter] = {one.name: one for one in FILTERS}
LEGISLATOR_ROLE = Filter("legislator_role", "parlamentar", Kind.TERM, "legislator_role", "A legislator in one role", "")
"""The filter behind `/legislators/{id}/bills`; no parameter."""

COMPILED: Mapping[str, Filter] = {**BY_NAME, LEGISLATOR_ROLE.name: LEGISLATOR_ROLE}
"""Every filter that a query can have."""

FACETS: Mapping[str, str] = {one.name: one.facet for one in FILTERS if one.facet}
"""Facet names, and the index fields whose values they count."""

KNOWN_TYPES = frozenset(BillType)
_REVERSED = Text(
    "is before the beginning of the range; swap the two", "é anterior ao início do intervalo; troque os dois"
)


def read_filter(given: Mapping[str, Any], types_met: frozenset[str] = frozenset()) -> BillFilter:
    """The filter that request parameters define. `types_met` are the official type codes in the index, valid in
    addition to our own.

    `given` has a text, a list of texts or a boolean by filter name; absent and empty ones are ignored. Raises
    InvalidParameter.
    """
    text, choices, ranges = None, [], []
    for one in FILTERS:
        value = given.get(one.name)
        if value is None or value == []:
            continue
        if one.kind is Kind.TEXT:
            text = _text(one.name, value)
        elif one.kind is Kind.BOOLEAN:
            choices.append((one.name, Choice((bool(value),))))
        elif one.kind in (Kind.FROM, Kind.TO):
            ranges.append((one, one.read(one.name, clean(one.name, value, 40))))
        else:
            choices.append((one.name, _choice(one, value, types_met)))
    return BillFilter(text, tuple(choices), _ranges(ranges))


def only_known_types(given: Mapping[str, Any]) -> bool:
    """Whether every requested type is one of our own, so that the types in the index need not be loaded."""
    return {
        part.strip().lstrip("-").upper() for value in given.get("type") or () for part in value.split(",")
    } <= KNOWN_TYPES


def _choice(one: Filter, given: list[str], types_met: frozenset[str]) -> Choice[Any]:
    if one.kind is Kind.KEYS:
        return Choice(tuple(one.read(one.name, value) for value in values(one.name, given, _MAX_URN)))
    read = _type_reader(types_met) if one.name == "type" else one.read
    found = choice(one.name, given, read)
    if one.means is not None:
        found = Choice(
            tuple(chain.from_iterable(map(one.means, found.any_of))),
            tuple(chain.from_iterable(map(one.means, found.none_of))),
        )
    if one.kind is Kind.NAME and len(found.any_of) + len(found.none_of) > MAX_NAMES:
        raise InvalidParameter(
            one.name,
            Text(
                f"takes at most {MAX_NAMES} names; ids are not limited so: legislator_id",
                f"aceita no máximo {MAX_NAMES} nomes; para identificadores use legislator_id",
            ),
        )
    return found


def _text(name: str, value: str) -> SearchText:
    """Parses `q`. Raises InvalidParameter if it has more phrases and prefixes than a query may."""
    if len(value) > MAX_Q:
        raise InvalidParameter(
            name,
            Text(
                f"is longer than {MAX_Q} characters; its first words are enough to find a bill",
                f"tem mais de {MAX_Q} caracteres; bastam as primeiras palavras para encontrar uma proposição",
            ),
        )
    text = read_text(clean(name, value, MAX_Q))
    written = [leaf for leaf in leaves(text.tree) if not (isinstance(leaf, Phrase) and leaf.meant)]
    if sum(isinstance(leaf, Phrase | Prefix) for leaf in written) > MAX_PHRASES:
        raise InvalidParameter(
            name,
            Text(
                f"takes at most {MAX_PHRASES} phrases and beginnings of words",
                f"aceita no máximo {MAX_PHRASES} frases e inícios de palavras",
            ),
        )
    return text


@cache
def _type_reader(met: frozenset[str]) -> Callable[[str, str], str]:
    return one_of({*KNOWN_TYPES, *met})


def _ranges(ends: list[tuple[Filter, int]]) -> tuple[Range, ...]:
    """Joins the two limits of each field's range. Raises InvalidParameter if the upper limit is before the lower
    one.
    """
    found: dict[str, Range] = {}
    for one, bound in ends:
        known = found.get(one.field, Range(one.field))
        if one.kind is Kind.FROM:
            found[one.field] = Range(one.field, bound, known.upper)
        else:
            width = 0 if one.field == "acted" else 1  # an instant excludes itself, so a range may be empty
            if known.lower is not None and bound - known.lower + 1 < width:
                raise InvalidParameter(one.name, _REVERSED)
            found[one.field] = Range(one.field, known.lower, bound)
    return tuple(found.values())
