"""Query parameters of the change log, as a filter on its entries."""

import re

from legis.domain.change_kind import ChangeKind
from legis.domain.changed_fields import EDITED_FIELDS, MOVED_FIELDS
from legis.languages import Text

from api_gateway.documents.models import SubjectType
from api_gateway.documents.render import ABOUT_BILL
from api_gateway.search.filtering.bill_filter import BillFilter
from api_gateway.search.filtering.values import InvalidParameter, choice, one_of, values
from api_gateway.store.changes.change_filter import ChangeFilter
from api_gateway.web.params.parameters import EntryParameters, LogParameters
from api_gateway.web.responses.filtered_changes import Wanted

_kind = one_of(ChangeKind)
_field = one_of({*MOVED_FIELDS, *EDITED_FIELDS, "removed_at"})
_about = one_of(SubjectType)
_FIELD_NAME = re.compile(r"[a-z][a-z0-9_.-]{0,60}")
_NO_FIELD = Text("is not the name of a field", "não é o nome de um campo")
_ONLY_BILLS = Text(
    "takes only bill together with filters on bills", "aceita apenas bill junto com filtros de proposições"
)


def wanted_entries(asked: EntryParameters, bills: BillFilter, *, movement: bool = False) -> Wanted:
    """The filter that the parameters describe. With `movement`, only entries of movement match if no kind is named.
    Raises InvalidParameter.
    """
    about = _subjects(asked)
    any_bill = bills == BillFilter()
    if about != (ABOUT_BILL,) and not any_bill:
        raise InvalidParameter("about", _ONLY_BILLS)
    kinds = choice("kind", asked.kind, _kind)
    fields = choice("field", asked.field, _field if about == (ABOUT_BILL,) else _any_field)
    entries = ChangeFilter(
        kinds.any_of, kinds.none_of, fields.any_of, fields.none_of, movement=movement and not kinds, about=about
    )
    return Wanted(None if any_bill else bills, entries)


def _subjects(asked: EntryParameters) -> tuple[str, ...]:
    """What the entries are about, as the log stores it."""
    named = values("about", asked.about) if isinstance(asked, LogParameters) else []
    return tuple(dict.fromkeys(_about("about", value).upper() for value in named)) or (ABOUT_BILL,)


def _any_field(name: str, value: str) -> str:
    """A field of any record; lists of memberships are named as `memberships.terms`."""
    if _FIELD_NAME.fullmatch(value) is None:
        raise InvalidParameter(name, _NO_FIELD)
    return value
