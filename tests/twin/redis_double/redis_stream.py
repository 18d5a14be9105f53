"""A stream of the Redis double: its entries, its groups, what hangs on whom."""

from dataclasses import dataclass, field
from typing import Any

EntryId = tuple[int, int]
Fields = dict[bytes, bytes]


def parse_id(text: bytes | str) -> EntryId:
    """`12-3` as a pair that compares as Redis compares."""
    plain = text.decode() if isinstance(text, bytes) else text
    milliseconds, _, number = plain.partition("-")
    return int(milliseconds), int(number or 0)


def print_id(entry: EntryId) -> bytes:
    """The other way round."""
    return f"{entry[0]}-{entry[1]}".encode()


def as_bytes(value: Any) -> bytes:
    """A value as redis-py would send it."""
    return value if isinstance(value, bytes) else str(value).encode()


@dataclass(slots=True)
class Pending:
    """An entry delivered and not acknowledged."""

    consumer: str
    at: int
    count: int


@dataclass(slots=True)
class Group:
    """A consumer group: where it stands and what hangs on whom."""

    last: EntryId
    pending: dict[EntryId, Pending] = field(default_factory=dict)
    consumers: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Stream:
    """Entries in order of id; the last id outlives its entry."""

    entries: dict[EntryId, Fields] = field(default_factory=dict)
    last: EntryId = (0, 0)
    groups: dict[str, Group] = field(default_factory=dict)
