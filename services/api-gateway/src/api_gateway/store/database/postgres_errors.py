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


class WriteConflict(StoreUnavailable):
    """Another worker wrote the same new bill first: the batch must be applied again from its beginning."""


def is_transient(error: BaseException) -> bool:
    """Whether the same work may succeed later. If not, one of its records is at fault.

    Every error that is not clearly about the data (a missing table, a refused login, a full disk, a deadlock, a
    timeout) counts as transient: otherwise one operator's mistake would turn all records into dead letters.
    """
    if isinstance(error, StoreUnavailable):
        return True
    if isinstance(error, _OF_THE_RECORD):
        return False
    return isinstance(error, asyncpg.PostgresError | asyncpg.InterfaceError | asyncpg.InternalClientError | OSError)


@contextmanager
def store_errors() -> Iterator[None]:
    """Raises StoreUnavailable for transient errors inside the block; other errors pass through."""
    try:
        yield
    except StoreUnavailable:
        raise
    except Exception as error:
        if is_transient(error):
            raise StoreUnavailable(f"{type(error).__name__}: {error}") from error
        raise
