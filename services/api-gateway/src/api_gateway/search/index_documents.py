"""Converts a bill to a document of the search index."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from hashlib import blake2b
from itertools import chain
from typing import Any

import orjson
from legis.domain.identity.source_registry import legislator_id
from legis.domain.parties.party_names import party_keys
from legis.domain.vocabulary import SponsorshipRole
from tantivy import Document, PreTokenizedString, Token

from api_gateway.search import orders
from api_gateway.search.bill_times import month_number, times
from api_gateway.search.index_schema import BILL, POSITION, REMOVED, slot_field
from api_gateway.search.language.analysis import joined_tokens, name_tokens, spelling, surfaces, tokens, units
from api_gateway.search.language.law_names import law_keys

MAX_TEXT = 20_000
"""Characters of one text that are indexed."""

MAX_SPONSORS = 600
"""Sponsors of one bill that are indexed; more than either house has seats."""

NAME_WORDS = 12
"""Different words of one name that are indexed; names of committees have up to twelve."""

NAME_SLOP = max((words - 1) * (NAME_WORDS - words) for words in range(1, NAME_WORDS + 1))
"""Slop of a phrase query for words of one name. Tantivy adds up the distances between the words asked for; each
distance is at most the number of the name's other words. So this is the greatest possible sum.
"""

NAME_GAP = NAME_SLOP + 2 * NAME_WORDS
"""Positions between the beginnings of two names: words of different names are always further apart than `NAME_SLOP`."""

LEAD_WORDS = 9
"""The first words of a title describe its topic; they are indexed once more than the rest, which raises their score."""

_FORMULA_BEFORE = tuple(tokens("Dispõe sobre"))
_ARTICLES = frozenset((token,) for token in tokens("o a os as"))
_FORMULA_AFTER = tuple(tokens("e dá outras providências"))
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexedBill:
    """The data of a bill that its index document is made from.

    `record` has the bill's own fields with the names of its document; fields with default values may be missing.
    `subjects` are keys of subjects; `first_days` are the days of the stages that the actions tell, by stage; `summary`
    is the rendered list item.
    """

    id: str
    ordinal: int
    source: str
    upstream_id: str
    legacy_id: str | None
    chamber: str | None
    type: str
    type_code: str
    number: int | None
    year: int | None
    labels: Sequence[str]
    status: str
    in_progress: bool | None
    organization: str | None
    introduced_on: date | None
    last_action_at: datetime | None
    parties: Sequence[str]
    states: Sequence[str]
    subjects: Sequence[str]
    urns: Sequence[str]
    change_seq: int
    changed_at: datetime
    removed: bool
    record: Mapping[str, Any]
    summary: bytes
    first_days: Mapping[str, str] = field(default_factory=dict)


def bill_document(bill: IndexedBill) -> Document:
    """The index document of a bill. A removed bill is found only by its ids, labels and URNs."""
    made = Document()
    made.add_text("kind", REMOVED if bill.removed else BILL)
    made.add_text("id", bill.id)
    made.add_text("source", bill.source)
    made.add_text("upstream_id", bill.upstream_id)
    _add_all(made, "legacy_id", (bill.legacy_id,))
    _add_all(made, "labels", bill.labels)
    _add_all(made, "urns", {urn_key(urn) for urn in bill.urns})
    _add_all(made, "law", law_keys(bill.record.get("enactment")))
    made.add_bytes("summary", bill.summary)
    _add_order(made, "introduced", orders.placed(orders.of_day(bill.introduced_on), bill.ordinal))
    _add_order(made, "acted", orders.placed(orders.of_instant(bill.last_action_at), bill.ordinal))
    _add_order(made, "changed", bill.change_seq)
    made.add_integer("changed_at", microseconds(bill.changed_at))
    if not bill.removed:
        sponsors = bill.record.get("sponsorships", ())[:MAX_SPONSORS]
        names = list(dict.fromkeys(sponsor["name"] for sponsor in sponsors))
        _add_filters(made, bill)
        _add_people(made, bill, sponsors, names)
        _add_texts(made, bill, names)
    return made


def position_document(position: bytes) -> Document:
    """The one document that contains the position of the index."""
    made = Document()
    made.add_text("kind", POSITION)
    made.add_text("id", POSITION)
    made.add_bytes("position", position)
    return made


def microseconds(at: datetime) -> int:
    """Microseconds since 1970."""
    return (at - _EPOCH) // _MICROSECOND


@lru_cache(16_384)
def urn_key(urn: str) -> str:
    """The spelling under which a LexML URN is found: lower case, without version (`@…`), fragment and short type."""
    bare = urn.lower().split("@")[0].split("!")[0].split("~")[0].strip()
    parts = bare.split(":")
    if len(parts) > 4:  # urn:lex:country:authority:type[;short]:date;number
        parts[4] = parts[4].split(";")[0].strip()
    return ":".join(parts)


def exact_key(title: str) -> str | None:
    """A hash by which bills with an equal title are found, without regard to formulas at its beginning and end. None
    for a title without words.
    """
    found = tuple(tokens(title[:MAX_TEXT]))
    return _exact_key(found) if found else None


def without_formulas(found: tuple[str, ...]) -> slice:
    """The slice of a title's tokens without the formulas that most titles begin and end with; all tokens if nothing
    else would be left.
    """
    start = len(_FORMULA_BEFORE) if found[: len(_FORMULA_BEFORE)] == _FORMULA_BEFORE else 0
    end = len(found) - (len(_FORMULA_AFTER) if found[-len(_FORMULA_AFTER) :] == _FORMULA_AFTER else 0)
    return slice(start, end) if start < end else slice(0, len(found))


def _exact_key(found: tuple[str, ...]) -> str:
    bare = found[without_formulas(found)]
    bare = bare[1:] if bare[:1] in _ARTICLES else bare
    return blake2b(" ".join(bare or found).encode(), digest_size=10).hexdigest()


def add_names(made: Document, field: str, names: Iterable[str]) -> None:
    """Adds names so that words of one name can be distinguished from words of several.

    The words of a name are indexed in alphabetical order, and names begin `NAME_GAP` positions apart. A phrase query of
    sorted words with slop `NAME_SLOP` then finds the names that have all of them, in whatever order they are given.
    """
    placed = enumerate(sorted(set(map(_name_words, names))))
    found = list(chain.from_iterable(_placed_words(words, place) for place, words in placed))
    if found:
        made.add_pre_tokenized_text(field, PreTokenizedString("", found))


@lru_cache(16_384)
def _placed_words(words: tuple[str, ...], place: int) -> tuple[Token, ...]:
    return tuple(Token(word, place * NAME_GAP + n, 0, 0) for n, word in enumerate(words))


@lru_cache(16_384)  # a few thousand people have sponsored nearly all bills, so names repeat
def _name_words(name: str) -> tuple[str, ...]:
    return tuple(name_tokens(name)[:NAME_WORDS])


def legislator_ids(source: str, code: str) -> tuple[str, str]:
    """The two ids by which a legislator can be filtered: our id, and the code of the legislator's house. `code` may be
    either.
    """
    ours = legislator_id(source, code)
    return ours, ours.rsplit("-", 1)[1]


AUTHOR, COAUTHOR, RAPPORTEUR = ROLES = ("author", "coauthor", "rapporteur")
"""Roles of a legislator in a bill."""


def role_of_sponsor(role: str | None) -> str:
    """The role of a sponsorship; who initiated a bill (iniciativa) counts as an author."""
    return COAUTHOR if role == SponsorshipRole.COAUTHOR else AUTHOR


def role_key(legislator_id: str, role: str) -> str:
    """The term by which a legislator's bills in one role are found; `legislator_id` is our id."""
    return f"{legislator_id}|{role}"


def _add_order(made: Document, order: str, value: int) -> None:
    made.add_integer(order, value)
    for term in _slot_terms(orders.slot(order, value)):
        made.add_integer(slot_field(order), term)


@lru_cache(4_096)
def _slot_terms(slot: int) -> list[int]:
    return orders.slot_terms(slot)


def _add_filters(made: Document, bill: IndexedBill) -> None:
    _add_all(made, "type", (bill.type_code, "OTHER") if bill.type == "OTHER" else (bill.type_code,))
    made.add_text("type_code", bill.type_code)
    _add_all(made, "chamber", (bill.chamber,))
    made.add_text("status", bill.status)
    _add_all(made, "organization", (bill.organization,))
    _add_all(made, "party", party_keys(bill.parties))
    _add_all(made, "state", bill.states)
    _add_all(made, "subject", bill.subjects)
    if bill.number is not None:
        made.add_integer("number", bill.number)
    if bill.year is not None:
        made.add_integer("year", bill.year)
    if bill.in_progress is not None:
        made.add_boolean("in_progress", bill.in_progress)
    if bill.introduced_on is not None:
        made.add_integer("introduced_month", month_number(bill.introduced_on))
    for name, value in times(bill.introduced_on, bill.record, bill.first_days).items():
        made.add_integer(name, value)
    if regime := bill.record.get("regime_text"):
        made.add_text("regime", " ".join(tokens(regime)))


def _add_people(made: Document, bill: IndexedBill, sponsors: Sequence[Mapping[str, Any]], names: Sequence[str]) -> None:
    _add_all(made, "author_name", names)
    add_names(made, "names", names)
    _add_ids(made, "legislator_id", bill.source, sponsors)
    rapporteurs = bill.record.get("rapporteurs", ())
    add_names(made, "rapporteur_names", [one["name"] for one in rapporteurs if one.get("name")])
    _add_ids(made, "rapporteur_id", bill.source, rapporteurs)
    roles = [(one, role_of_sponsor(one.get("role"))) for one in sponsors] + [(one, RAPPORTEUR) for one in rapporteurs]
    ours = {
        (legislator_ids(bill.source, one["legislator_id"])[0], role) for one, role in roles if one.get("legislator_id")
    }
    _add_all(made, "legislator_role", {role_key(legislator, role) for legislator, role in ours})


def _add_ids(made: Document, field: str, source: str, people: Iterable[Mapping[str, Any]]) -> None:
    codes = {person["legislator_id"] for person in people if person.get("legislator_id")}
    _add_all(made, field, {form for code in codes for form in legislator_ids(source, code)})


def _add_texts(made: Document, bill: IndexedBill, names: Sequence[str]) -> None:
    record = bill.record
    title = (record.get("title") or "")[:MAX_TEXT]
    nickname, abstract = record.get("nickname") or "", (record.get("abstract") or "")[:MAX_TEXT]
    keywords = record.get("keywords", ())
    subjects = [subject["name"] for subject in record.get("subjects", ())]
    others = [units(text) for text in (nickname, abstract, " , ".join(keywords)[:MAX_TEXT]) if text]
    titled = units(title)
    whole = joined_tokens(titled)
    # The score of a word grows with its frequency, so the title is added twice and its first words a third time.
    for words in (whole, whole, joined_tokens(titled[:LEAD_WORDS]), *map(joined_tokens, others)):
        _add_words(made, words)
    shared = [_units(text) for text in (*names, *subjects)]
    for units_of in (*shared, *map(units, bill.labels)):
        _add_words(made, joined_tokens(units_of))
    if whole:
        made.add_text("exact", _exact_key(tuple(whole.split())))
    _add_spellings(made, {*chain(titled, *others, *shared)})
    shown = {"nickname": nickname, "abstract": abstract, "keywords": keywords, "authors": names, "labels": bill.labels}
    made.add_bytes("texts", orjson.dumps({name: value for name, value in shown.items() if value}))


def _add_words(made: Document, words: str) -> None:
    if words:
        made.add_text("words", words)


def _add_spellings(made: Document, found: set[str]) -> None:
    """Adds the words as they are written: without accents to find completions, with accents to show them."""
    made.add_text("surface", " ".join(surfaces(found)))
    if accented := " ".join(spelling(unit) for unit in found if not unit.isascii()):
        made.add_text("spelling", accented)


@lru_cache(16_384)  # names and subjects repeat across bills
def _units(text: str) -> tuple[str, ...]:
    return tuple(units(text))


def _add_all(made: Document, field: str, values: Iterable[str | None]) -> None:
    for value in values:
        if value:
            made.add_text(field, value)
