"""A list of bills as it is asked for: all that follows from the address alone, worked out before anybody is asked."""

from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl

from pydantic import ValidationError

from api_gateway.search.filtering.bill_filter import BillFilter, Sort, SortKey
from api_gateway.search.filtering.filters import only_known_types, read_filter
from api_gateway.search.filtering.values import InvalidParameter
from api_gateway.search.relevance import MAX_OFFSET
from api_gateway.web.params.cache_admission import CacheAdmission
from api_gateway.web.params.cursor import decode_place, question_hash
from api_gateway.web.params.list_options import bill_sort, chosen_facets, chosen_fields
from api_gateway.web.params.next_link import next_link
from api_gateway.web.params.parameters import BillParameters

PATH = "/api/v1/bills"
_LISTS = frozenset(name for name, field in BillParameters.model_fields.items() if field.annotation == list[str])
_LONGEST_REMEMBERED = 512
_MOST_REMEMBERED = 4096
"""Questions; each is a hundred objects, so only those that are asked again are remembered."""


@dataclass(frozen=True, slots=True)
class ListQuestion:
    """Filter, order, page and shape of a list. `after` is the place of the cursor; `key` binds cursors to the question,
    `following` is the address of the next page but for host and cursor."""

    wanted: BillFilter
    sort: Sort
    limit: int
    after: int | None
    fields: tuple[str, ...]
    facets: tuple[str, ...]
    counted: bool
    explained: bool
    min_seq: int | None
    key: str
    following: str


def list_question(asked: BillParameters, type_codes: frozenset[str] = frozenset()) -> ListQuestion:
    """The question that the parameters are; `type_codes` are those of the index, beside our own words.

    Raises InvalidParameter.
    """
    fields, facets, sort = chosen_fields(asked), chosen_facets(asked), bill_sort(asked)
    wanted, key = read_filter(asked.filters(), type_codes), question_hash(PATH, asked)
    return ListQuestion(
        wanted=wanted,
        sort=sort,
        limit=asked.limit,
        after=None if asked.cursor is None else _place(asked.cursor, key, sort),
        fields=fields,
        facets=facets,
        counted=asked.count != "none",
        explained=asked.highlight and wanted.text is not None,
        min_seq=asked.min_seq,
        key=key,
        following=next_link("", PATH, asked, cursor=""),
    )


def _place(cursor: str, key: str, sort: Sort) -> int:
    place = decode_place(cursor, key)
    if sort.key is SortKey.RELEVANCE and place > MAX_OFFSET:  # nobody got it from us
        raise InvalidParameter("cursor", f"is behind the {MAX_OFFSET} best matches; narrow the query instead")
    return place


@dataclass(frozen=True, slots=True)
class PlainList:
    """Good parameters, and the question that they are; None where the type codes of the index must be known first."""

    asked: BillParameters
    question: ListQuestion | None


def plain_question(query: bytes) -> PlainList | None:
    """What a query string asks in which nothing is unusual: known names, each once, with a good value.

    None for all else, which is for FastAPI to read, and to complain of.
    """
    if len(query) <= _LONGEST_REMEMBERED and _admission.again(query):
        return _remembered(query)
    return _read(query)


def _read(query: bytes) -> PlainList | None:
    pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
    given = dict(pairs)
    if len(given) < len(pairs) or not all(given.values()):
        return None
    try:
        asked = BillParameters.model_validate({k: [v] if k in _LISTS else v for k, v in given.items()})
        if asked.min_seq is not None:  # waits, and must not keep others from their places meanwhile
            return None
        return PlainList(asked, list_question(asked) if only_known_types(asked.filters()) else None)
    except (ValidationError, InvalidParameter):
        return None


_remembered = lru_cache(maxsize=_MOST_REMEMBERED)(_read)
_admission = CacheAdmission(_MOST_REMEMBERED)
