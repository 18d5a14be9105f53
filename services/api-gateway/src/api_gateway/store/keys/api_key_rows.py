"""Conversion of rows of the API key table to `ApiKey`, and the look-up of one key."""

from typing import Any

from api_gateway.access.api_key import ApiKey
from api_gateway.access.scopes import known_scopes
from api_gateway.store.database.reader import Database

FIELDS = """id, name, prefix, secret_sha256, scopes, limit_per_minute, created_at, expires_at, last_used_at, revoked_at,
            rotated_from"""
_BY_PREFIX = f"SELECT {FIELDS} FROM api_key WHERE prefix = $1"


def key_of(row: Any) -> ApiKey:
    """The key in a row that has all columns of FIELDS."""
    return ApiKey(**{**dict(row), "scopes": known_scopes(row["scopes"])})


async def find_key(database: Database, prefix: str) -> ApiKey | None:
    """The key with that prefix, in any state. Read from the primary alone: a standby may not know of a revocation yet,
    since the entries of the change log that it has say nothing of keys. Raises StoreUnavailable.
    """
    row = await database.primary.row(_BY_PREFIX, (prefix,), fixed=True)
    return None if row is None else key_of(row)
