"""Adds the names of bodies (órgãos) to bills, from the Câmara's directory: responses have their acronyms only."""

from collections.abc import Mapping
from typing import Any

from legis.domain.bill import Bill
from legis.domain.organization import named

Bodies = Mapping[str, str]
"""Names of bodies (órgãos) by their id."""

_LISTS = ("actions", "vote_events", "rapporteurs")


def name_bodies(bill: Bill, bodies: Bodies) -> Bill:
    """The bill with the names of the bodies it refers to.

    Fingerprints are computed before this, so that a body's new name does not make a thousand bills look changed.
    """
    if not bodies:
        return bill
    update: dict[str, Any] = {"organization": named(bill.organization, bodies)} if bill.organization else {}
    if bill.latest_action is not None:
        update["latest_action"] = _named(bill.latest_action, bodies)
    for field in _LISTS:
        if items := getattr(bill, field):
            update[field] = tuple(_named(item, bodies) for item in items)
    return bill.model_copy(update=update) if update else bill


def _named(item: Any, bodies: Bodies) -> Any:
    body = named(item.organization, bodies)
    return item if body is item.organization else item.model_copy(update={"organization": body})
