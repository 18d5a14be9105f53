"""Bills of one legislator as author, co-author or rapporteur: pages and counts."""

from collections.abc import Iterable

from api_gateway.search.filtering.bill_filter import BillFilter, Choice, Sort
from api_gateway.search.filtering.filters import LEGISLATOR_ROLE
from api_gateway.search.index.index_state import IndexState
from api_gateway.search.index_documents import ROLES, role_key
from api_gateway.search.results import Page, count, ordered_page


def legislator_bills(
    state: IndexState, legislator_id: str, roles: Iterable[str], limit: int, after: int | None
) -> Page:
    """At most `limit` bills with the legislator in one of the roles, newest action first."""
    return ordered_page(state, _filter(legislator_id, roles), Sort(), limit, after)


def count_legislator_bills(state: IndexState, legislator_id: str) -> dict[str, int]:
    """Number of bills by role."""
    return {role: count(state, state.compiler.filter(_filter(legislator_id, [role])).query) for role in ROLES}


def _filter(legislator_id: str, roles: Iterable[str]) -> BillFilter:
    terms = tuple(role_key(legislator_id, role) for role in roles)
    return BillFilter(choices=((LEGISLATOR_ROLE.name, Choice(terms)),))
