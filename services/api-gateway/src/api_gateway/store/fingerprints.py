"""The stored fingerprint of a bill: one hash each for the record and its two histories.

Equal to comparing `legis.domain.fingerprint` over the whole bill, but a history that was not read again need not be
loaded to compare it. What says nothing is left out, so a field added to our model changes no stored bill.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from legis.domain.bill import VOLATILE_FIELDS
from legis.domain.fingerprint import fold_blanks
from pydantic import BaseModel

_LENGTH = 32
EMPTY = "0"
"""Hash of an empty history."""

# Blanks that `fold_blanks` would touch, as they show in JSON: most records have none, and folding is slow. The first
# list is quick to look for and has nearly all of them; the expression has the rarer ones of general punctuation.
_FOLDABLE = (b"  ", b'" ', b' "', b"\\", b"\xc2\x85", b"\xc2\xa0", b"\xe1\x9a\x80", b"\xe3\x80\x80")
_PUNCTUATION = b"\xe2"
_RARE = re.compile(rb"\xe2(?:\x80[\x80-\x8a\xa8\xa9\xaf]|\x81\x9f)")


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """Hashes in hex; `0` for an empty history."""

    record: str
    actions: str
    vote_events: str

    @classmethod
    def parse(cls, text: str) -> "Fingerprint":
        """Reads what `str()` wrote."""
        record, actions, vote_events = text.split("-")
        return cls(record, actions, vote_events)

    def __str__(self) -> str:
        return f"{self.record}-{self.actions}-{self.vote_events}"


def record_hash(said: Mapping[str, Any]) -> str:
    """Hash of what a bill says beside its histories, without volatile fields. `said` has no defaults in it."""
    return _canonical({name: value for name, value in said.items() if name not in VOLATILE_FIELDS})


def history_hash(entries: Sequence[BaseModel]) -> str:
    """Hash of history entries in order."""
    return _canonical([entry.model_dump(mode="json", exclude_defaults=True) for entry in entries]) if entries else EMPTY


def _canonical(value: Any) -> str:
    text = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    if _foldable(text):
        text = orjson.dumps(fold_blanks(value), option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(text).hexdigest()[:_LENGTH]


def _foldable(text: bytes) -> bool:
    for blank in _FOLDABLE:  # not any(): its generator would cost as much again, for every bill
        if blank in text:
            return True
    return _PUNCTUATION in text and _RARE.search(text) is not None
