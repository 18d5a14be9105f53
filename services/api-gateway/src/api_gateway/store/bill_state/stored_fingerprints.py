"""The stored fingerprint of a bill: one hash each for the record and its two histories.

Equality means the same as with `legis.domain.fingerprint` over the whole bill, but histories that were not read again
need not be loaded. Fields with default values are not hashed, so that a new field of the model changes no stored hash.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from legis.domain.bill import VOLATILE_FIELDS
from legis.domain.fingerprint import canonical_hash
from pydantic import BaseModel

_LENGTH = 32
EMPTY = "0"
"""Hash of an empty history."""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """Hashes in hexadecimal; `0` for an empty history."""

    record: str
    actions: str
    vote_events: str

    @classmethod
    def parse(cls, text: str) -> "Fingerprint":
        """Parses the text that `str()` gives."""
        record, actions, vote_events = text.split("-")
        return cls(record, actions, vote_events)

    def __str__(self) -> str:
        return f"{self.record}-{self.actions}-{self.vote_events}"


def record_hash(sparse: Mapping[str, Any]) -> str:
    """Hash of a bill's content without its histories and volatile fields. `sparse` must not contain default values."""
    return _canonical({name: value for name, value in sparse.items() if name not in VOLATILE_FIELDS})


def history_hash(entries: Sequence[BaseModel]) -> str:
    """Hash of the entries of a history, in order."""
    return _canonical([entry.model_dump(mode="json", exclude_defaults=True) for entry in entries]) if entries else EMPTY


def _canonical(value: Any) -> str:
    return canonical_hash(value)[:_LENGTH]
