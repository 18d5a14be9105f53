"""A request for a list of bills: everything that follows from its address alone, computed before
the index is searched.
"""

from dataclasses import dataclass

from legis.languages import Text

from api_gateway.documents.models import BillSummary
from api_gateway.search.filtering.bill_filter import BillFilter, Sort, SortKey
from api_gateway.search.filtering.filters import FACETS, only_known_types, read_filter
from api_gateway.search.filtering.values import InvalidParameter, clean, one_of, values
from api_gateway.search.relevance import MAX_OFFSET
from api_gateway.web.params.cursor import decode_place, next_link, question_hash
from api_gateway.web.params.parameters import BillParameters

PATH = "/api/v1/bills"
_KEYS = {
    "last_action_at": SortKey.LAST_ACTION_AT,
    "introduced_on": SortKey.INTRODUCED_ON,
    "changed_at": SortKey.CHANGED_AT,
}
_SORTS = {
    **{name: Sort(key, descending=False) for name, key in _KEYS.items()},
    **{f"-{name}": Sort(key, descending=True) for name, key in _KEYS.items()},
    "relevance": Sort(SortKey.RELEVANCE),
}
_sort_name = one_of(_SORTS)
_facet_name = one_of(FACETS)
_field_name = one_of(BillSummary.model_fields)


@dataclass(frozen=True, slots=True)
class ListQuestion:
    """Filter, order, page and shape of a list. `after` is the place in the cursor; `key` ties cursors to this query;
    `following` is the address of the next page without host and cursor. With `as_of`, a past moment, `after` is None:
    such lists have cursors of their own.
    """

    wanted: BillFilter
    sort: Sort
    limit: int
    after: int | None
    fields: tuple[str, ...]
    facets: tuple[str, ...]
    counted: bool
    explained: bool
    min_seq: int | None
    as_of: str | None
    key: str
    following: str


def list_question(asked: BillParameters, type_codes: frozenset[str] = frozenset()) -> ListQuestion:
    """The query that the parameters describe. `type_codes` are those in the index, accepted besides those of our
    vocabulary.

    Raises InvalidParameter.
    """
    fields, facets, sort = chosen_fields(asked), chosen_facets(asked), bill_sort(asked)
    wanted, key = read_filter(asked.filters(), type_codes), question_hash(PATH, asked)
    return ListQuestion(
        wanted=wanted,
        sort=sort,
        limit=asked.limit,
        after=None if asked.cursor is None or asked.as_of is not None else _place(asked.cursor, key, sort),
        fields=fields,
        facets=facets,
        counted=asked.count != "none",
        explained=asked.highlight and wanted.text is not None,
        min_seq=asked.min_seq,
        as_of=asked.as_of,
        key=key,
        following=next_link("", PATH, asked, cursor=""),
    )


def known_question(asked: BillParameters) -> ListQuestion | None:
    """Like `list_question`, if the parameters alone are enough; None if the type codes of the index are needed."""
    return list_question(asked) if only_known_types(asked.filters()) else None


def _place(cursor: str, key: str, sort: Sort) -> int:
    place = decode_place(cursor, key)
    if sort.key is SortKey.RELEVANCE and place > MAX_OFFSET:  # no cursor of this API has such an offset
        raise InvalidParameter(
            "cursor",
            Text(
                f"is behind the {MAX_OFFSET} best matches; narrow the query instead",
                f"está além dos {MAX_OFFSET} melhores resultados; restrinja a consulta",
            ),
        )
    return place


def bill_sort(asked: BillParameters) -> Sort:
    """The sort order. Raises InvalidParameter for an order by relevance without search words."""
    if asked.sort is None:
        return Sort()
    sort = _SORTS[_sort_name("sort", clean("sort", asked.sort, 40))]
    if sort.key is SortKey.RELEVANCE and asked.filters().get("q") is None:
        raise InvalidParameter(
            "sort",
            Text(
                "relevance needs q; without words nothing is more relevant",
                "relevance exige q; sem palavras nada é mais relevante",
            ),
        )
    return sort


def chosen_fields(asked: BillParameters) -> tuple[str, ...]:
    """The requested fields of each bill, in the order of the document, `id` first; empty means all fields."""
    chosen = {_field_name("fields", name) for name in values("fields", asked.fields)}
    return tuple(name for name in BillSummary.model_fields if name in chosen or name == "id") if chosen else ()


def chosen_facets(asked: BillParameters) -> tuple[str, ...]:
    """The requested facets, each once."""
    return tuple(dict.fromkeys(_facet_name("facets", name) for name in values("facets", asked.facets)))
