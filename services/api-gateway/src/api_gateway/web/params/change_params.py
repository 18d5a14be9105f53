"""Query parameters of the change log, as a filter on its entries."""

from legis.domain.change_kind import EDITED_FIELDS, MOVED_FIELDS, ChangeKind

from api_gateway.search.filtering.bill_filter import BillFilter
from api_gateway.search.filtering.values import choice, one_of
from api_gateway.store.changes.change_filter import ChangeFilter
from api_gateway.web.params.parameters import EntryParameters
from api_gateway.web.responses.filtered_changes import Wanted

_kind = one_of(ChangeKind)
_field = one_of(MOVED_FIELDS | EDITED_FIELDS | {"removed_at"})


def wanted_entries(asked: EntryParameters, bills: BillFilter, *, movement: bool = False) -> Wanted:
    """The filter that the parameters describe. With `movement`, only entries of movement match if no kind is named.
    Raises InvalidParameter.
    """
    kinds, fields = choice("kind", asked.kind, _kind), choice("field", asked.field, _field)
    entries = ChangeFilter(kinds.any_of, kinds.none_of, fields.any_of, fields.none_of, movement=movement and not kinds)
    return Wanted(None if bills == BillFilter() else bills, entries)
