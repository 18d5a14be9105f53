"""Separates PostgreSQL errors that are worth a retry from errors that one record causes."""

from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg
from legis.errors import StoreUnavailable

_OF_THE_RECORD = (
    asyncpg.DataError,  # out of range, NUL, wrong encoding: by the server or by asyncpg itself
    asyncpg.ProgramLimitExceededError,  # too long for an index, a text search vector, a row
    asyncpg.StatementTooComplexError,
    asyncpg.CheckViolationError,
    asyncpg.NotNullViolationError,
)

_LOG = "bill_change"
_PARTITION_HELP = "nothing is stored until it has one: docs/runbooks/alerts/ChangePartitionMissing.md"


class WriteConflict(StoreUnavailable):
    """Another worker wrote the same new bill first: the batch must be applied again from its beginning."""


def is_transient(error: BaseException) -> bool:
    """Whether the same work may succeed later. If not, one of its records is at fault.

    Every error that is not clearly about the data (a missing table, a refused login, a full disk, a deadlock, a
    timeout) counts as transient: otherwise one operator's mistake would turn all records into dead letters.
    """
    if isinstance(error, StoreUnavailable) or lacks_partition(error):
        return True
    if isinstance(error, _OF_THE_RECORD):
        return False
    return isinstance(error, asyncpg.PostgresError | asyncpg.InterfaceError | asyncpg.InternalClientError | OSError)


def lacks_partition(error: BaseException) -> bool:
    """Whether the change log has no partition for the next entry. PostgreSQL reports that like a wrong value, but its
    numbers are ours: no record is at fault.
    """
    return isinstance(error, asyncpg.CheckViolationError) and (error.table_name or "").startswith(_LOG)


@contextmanager
def store_errors() -> Iterator[None]:
    """Raises StoreUnavailable for transient errors inside the block; other errors pass through."""
    try:
        yield
    except StoreUnavailable:
        raise
    except Exception as error:
        if is_transient(error):
            found = f"{type(error).__name__}: {error}"
            raise StoreUnavailable(f"{found}; {_PARTITION_HELP}" if lacks_partition(error) else found) from error
        raise
