"""A stable hash of what a bill says, to tell changed from same."""

import hashlib
from collections.abc import Iterable
from typing import Any

import orjson

from legis.domain.bill import VOLATILE_FIELDS, Bill


def fingerprint(bill: Bill, fields: Iterable[str] | None = None) -> str:
    """SHA-256 in hex over the canonical form of the fields that `bill` claims, or of `fields` where given.

    Canonical means: keys sorted, runs of white space folded to one blank (list and detail differ there), volatile
    fields left out, and values that say nothing (those a field has when it was never seen) left out at every depth.
    So the same facts give the same hash whether they came by list, bulk file or detail, and a field added to our
    model later does not make every stored bill look changed.
    """
    chosen = set(bill.model_fields_set if fields is None else fields) - VOLATILE_FIELDS
    return canonical_hash(bill.model_dump(mode="json", include=chosen, exclude_defaults=True))


def canonical_hash(value: Any) -> str:
    """SHA-256 in hex of a JSON-like value with its white space folded and its keys sorted."""
    return hashlib.sha256(orjson.dumps(fold_blanks(value), option=orjson.OPT_SORT_KEYS)).hexdigest()


def fold_blanks(value: Any) -> Any:
    """The same JSON-like value with every run of white space in its texts made one blank, ends trimmed."""
    if isinstance(value, str):
        return " ".join(value.split())
    if isinstance(value, dict):
        return {key: fold_blanks(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [fold_blanks(item) for item in value]
    return value
