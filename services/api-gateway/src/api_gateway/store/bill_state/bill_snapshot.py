"""A complete bill and the values derived from it, each computed once, when first used."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from legis.domain.bill import Bill
from legis.lazy_attribute import lazy_attribute

from api_gateway.documents import render
from api_gateway.documents.derive import Derived, derive
from api_gateway.store.bill_state.rendered_histories import History
from api_gateway.store.bill_state.stored_fingerprints import Fingerprint, record_hash


class Snapshot:
    """A complete bill and the values derived from it, each computed once, when first used.

    `bill` is given without its histories, as an object or as its stored bytes.
    """

    def __init__(self, bill_id: str, bill: Bill | bytes, histories: Mapping[str, History], seen_at: datetime) -> None:
        self.bill_id = bill_id
        self.histories = histories
        self._bill = bill
        self._seen_at = seen_at

    @lazy_attribute
    def bill(self) -> Bill:
        """The bill without its histories."""
        return self._bill if isinstance(self._bill, Bill) else Bill.model_validate_json(self._bill)

    @lazy_attribute
    def full(self) -> dict[str, Any]:
        """The bill as JSON-like values, with every field."""
        return render.dump_full(self.sparse)

    @lazy_attribute
    def sparse(self) -> dict[str, Any]:
        """The bill as JSON-like values, without fields that have their default value: the form that is stored and
        compared.
        """
        return render.dump_sparse(self.bill)

    @lazy_attribute
    def fingerprint(self) -> Fingerprint:
        """Hashes of the bill's content."""
        histories = self.histories
        return Fingerprint(record_hash(self.sparse), histories["actions"].hash, histories["vote_events"].hash)

    @lazy_attribute
    def derived(self) -> Derived:
        """Values derived from the bill: status, labels, keys of filters and so on."""
        return derive(self.whole, seen_at=self._seen_at)

    @lazy_attribute
    def whole(self) -> Bill:
        """The bill with its histories."""
        lists = {name: history.entries for name, history in self.histories.items() if history.items}
        return self.bill.model_copy(update=lists) if lists else self.bill

    @lazy_attribute
    def content(self) -> dict[str, Any]:
        """The part of the detail document that comes from the bill alone."""
        return render.content(self.bill_id, self.full, self.derived)
