"""A stable hash of what a bill says, to tell changed from same."""

import hashlib
import re
from collections.abc import Iterable
from typing import Any

import orjson

from legis.domain.bill import VOLATILE_FIELDS, Bill

_BLANKS = re.compile(r"\s+")


def fingerprint(bill: Bill, fields: Iterable[str] | None = None) -> str:
    """SHA-256 in hex over the canonical form of the fields that `bill` claims, or of `fields` where given.

    Canonical means: keys sorted, runs of white space folded to one blank (list and detail differ there), volatile
    fields left out. The same facts give the same hash whether they came by list, bulk file or detail.
    """
    chosen = set(bill.model_fields_set if fields is None else fields) - VOLATILE_FIELDS
    return canonical_hash(bill.model_dump(mode="json", include=chosen))


def canonical_hash(value: Any) -> str:
    """SHA-256 in hex of a JSON-like value with its white space folded and its keys sorted."""
    return hashlib.sha256(orjson.dumps(fold_blanks(value), option=orjson.OPT_SORT_KEYS)).hexdigest()


def fold_blanks(value: Any) -> Any:
    """The same JSON-like value with every run of white space in its texts made one blank, ends trimmed."""
    if isinstance(value, str):
        return _BLANKS.sub(" ", value).strip()
    if isinstance(value, dict):
        return {key: fold_blanks(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [fold_blanks(item) for item in value]
    return value
