"""The stored fingerprint of a bill: one hash each for the record and its two histories.

Equal to comparing `legis.domain.fingerprint` over the whole bill, but a history that was not read again need not be
loaded to compare it. What says nothing is left out, so a field added to our model changes no stored bill.
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
    return canonical_hash(value)[:_LENGTH]
