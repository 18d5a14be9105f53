"""`as_of`: a past moment, as an instant, a day, or an entry of the change log."""

from datetime import datetime

from legis.digits import digits_value
from legis.languages import Text

from api_gateway.search.filtering.values import InvalidParameter, clean, instant
from api_gateway.web.params.parameters import MAX_SEQ

Moment = datetime | int
"""An instant, or the `seq` of an entry."""

_LONGEST = 40


def read_moment(text: str) -> Moment:
    """The moment that `as_of` names. Raises InvalidParameter."""
    given = clean("as_of", text, _LONGEST)
    if not (given.isascii() and given.isdigit()):
        return instant("as_of", given)
    found = digits_value(given, MAX_SEQ)
    if found is None:
        raise InvalidParameter("as_of", Text("is no seq of the change log", "não é um seq do registro de mudanças"))
    return found


def is_before(moment: Moment, seq: int, changed_at: datetime) -> bool:
    """Whether a moment is before an entry of the log."""
    return moment < seq if isinstance(moment, int) else moment < changed_at
