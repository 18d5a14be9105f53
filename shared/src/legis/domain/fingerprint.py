"""A stable hash of a bill's content, by which changed and unchanged bills are distinguished."""

import hashlib
import json
import re
from collections.abc import Iterable
from typing import Any

import orjson

from legis.domain.bill import VOLATILE_FIELDS, Bill

# White space that `fold_blanks` would change, as JSON bytes: most values have none, and folding is slow. The first list
# is fast to search and finds nearly all of it; the expression finds the rarer kinds, of general punctuation.
_FOLDABLE = (b"  ", b'" ', b' "', b"\\", b"\xc2\x85", b"\xc2\xa0", b"\xe1\x9a\x80", b"\xe3\x80\x80")
_PUNCTUATION = b"\xe2"
_RARE = re.compile(rb"\xe2(?:\x80[\x80-\x8a\xa8\xa9\xaf]|\x81\x9f)")


def fingerprint(bill: Bill, fields: Iterable[str] | None = None) -> str:
    """SHA-256 in hex over the canonical form of the fields that `bill` claims, or of `fields` where given.

    Canonical means: keys sorted, runs of white space reduced to one blank (list and detail differ in them), volatile
    fields and default values left out at every depth. So the same facts give the same hash whether they came by list,
    bulk file or detail, and a field added to the model later does not make every stored bill look changed.
    """
    chosen = set(bill.model_fields_set if fields is None else fields) - VOLATILE_FIELDS
    return canonical_hash(bill.model_dump(mode="json", include=chosen, exclude_defaults=True))


def canonical_hash(value: Any) -> str:
    """SHA-256 in hex of a JSON-like value with its white space reduced and its keys sorted."""
    text = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    if _foldable(text):
        text = orjson.dumps(fold_blanks(value), option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(text).hexdigest()


def raw_hash(value: Any) -> str:
    """`canonical_hash` of what upstream sent; lone surrogates in its texts count as their escapes."""
    try:
        return canonical_hash(value)
    except TypeError:  # what orjson raises for a text that has no UTF-8
        return canonical_hash(json.dumps(value, sort_keys=True))


def fold_blanks(value: Any) -> Any:
    """The same JSON-like value with every run of white space in its texts reduced to one blank, ends trimmed."""
    if isinstance(value, str):
        return " ".join(value.split())
    if isinstance(value, dict):
        return {key: fold_blanks(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [fold_blanks(item) for item in value]
    return value


def _foldable(text: bytes) -> bool:
    for blank in _FOLDABLE:  # not any(): its generator would double the cost, for every bill
        if blank in text:
            return True
    return _PUNCTUATION in text and _RARE.search(text) is not None
