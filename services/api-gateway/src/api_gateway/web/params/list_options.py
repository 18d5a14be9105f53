"""Order, fields and facets of a list of bills, or a complaint that names the parameter."""

from api_gateway.documents.models import BillSummary
from api_gateway.search.filtering.bill_filter import Sort, SortKey
from api_gateway.search.filtering.filters import FACETS
from api_gateway.search.filtering.values import InvalidParameter, clean, one_of, values
from api_gateway.web.params.parameters import BillParameters

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


def bill_sort(asked: BillParameters) -> Sort:
    """The order. Raises InvalidParameter for relevance without words."""
    if asked.sort is None:
        return Sort()
    sort = _SORTS[_sort_name("sort", clean("sort", asked.sort, 40))]
    if sort.key is SortKey.RELEVANCE and asked.filters()["q"] is None:
        raise InvalidParameter("sort", "relevance needs q; without words nothing is more relevant")
    return sort


def chosen_fields(asked: BillParameters) -> tuple[str, ...]:
    """The fields of each bill that are wanted, in the document's order, `id` first; empty for all."""
    chosen = {_field_name("fields", name) for name in values("fields", asked.fields)}
    return tuple(name for name in BillSummary.model_fields if name in chosen or name == "id") if chosen else ()


def chosen_facets(asked: BillParameters) -> tuple[str, ...]:
    """The facets that are wanted, each once."""
    return tuple(dict.fromkeys(_facet_name("facets", name) for name in values("facets", asked.facets)))
