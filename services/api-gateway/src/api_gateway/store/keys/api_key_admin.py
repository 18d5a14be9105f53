"""Operators' functions for API keys: create, list, rotate, revoke, and set or remove an expiry time."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from legis.errors import LegisError

from api_gateway.access.api_key import ApiKey, KeyState, rotation
from api_gateway.access.key_text import KeyText, new_key
from api_gateway.access.scopes import Scope
from api_gateway.store.database.connections import Connection, Pool
from api_gateway.store.database.postgres_errors import store_errors
from api_gateway.store.keys.api_key_rows import FIELDS, key_of

ACQUIRE_SECONDS = 5.0
MOST_LISTED = 1000

_INSERT = f"""
INSERT INTO api_key (name, prefix, secret_sha256, scopes, limit_per_minute, created_at, expires_at, rotated_from)
VALUES ($1, $2, $3, $4, $5, now(), $6, $7) RETURNING {FIELDS}
"""
_LIST = f"""
SELECT {FIELDS} FROM api_key
WHERE $1 OR (revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())) ORDER BY id DESC LIMIT {MOST_LISTED}
"""
_ONE = f"SELECT {FIELDS} FROM api_key WHERE prefix = $1"
_SUCCESSOR = "SELECT prefix FROM api_key WHERE rotated_from = $1 AND revoked_at IS NULL"
_EXPIRE = f"UPDATE api_key SET expires_at = $2 WHERE prefix = $1 AND revoked_at IS NULL RETURNING {FIELDS}"
_REVOKE = f"UPDATE api_key SET revoked_at = now() WHERE prefix = $1 AND revoked_at IS NULL RETURNING {FIELDS}"


class CannotRotate(LegisError):
    """The key is not active, or it has a successor already."""


@dataclass(frozen=True, slots=True)
class KeyRequest:
    """Properties of a key that is to be created."""

    name: str
    scopes: frozenset[Scope]
    limit_per_minute: int | None = None
    expires_at: datetime | None = None


async def create_key(pool: Pool, request: KeyRequest) -> tuple[ApiKey, KeyText]:
    """Creates a key and returns it with its text, which cannot be recovered later. Raises StoreUnavailable."""
    with store_errors():
        async with pool.acquire(timeout=ACQUIRE_SECONDS) as connection:
            return await _insert(connection, request, None)


async def list_keys(pool: Pool, *, ended_too: bool = False) -> tuple[ApiKey, ...]:
    """Stored keys, newest first, at most 1000; expired and revoked ones only with `ended_too`.
    Raises StoreUnavailable.
    """
    with store_errors():
        async with pool.acquire(timeout=ACQUIRE_SECONDS) as connection:
            rows = await connection.fetch(_LIST, ended_too)
    return tuple(map(key_of, rows))


async def load_key(pool: Pool, prefix: str) -> ApiKey | None:
    """The key with that prefix; None if it does not exist. Raises StoreUnavailable."""
    return await _changed(pool, _ONE, prefix)


async def rotate_key(pool: Pool, prefix: str, grace: timedelta) -> tuple[ApiKey, ApiKey, KeyText] | None:
    """Creates a successor of a key. Returns the old key with its new expiry time, the successor, and the successor's
    text; None if there is no key with that prefix.

    Raises CannotRotate, StoreUnavailable.
    """
    with store_errors():
        async with pool.acquire(timeout=ACQUIRE_SECONDS) as connection, connection.transaction():
            row = await connection.fetchrow(f"{_ONE} FOR UPDATE", prefix)
            if row is None:
                return None
            old = key_of(row)
            now: datetime = await connection.fetchval("SELECT now()")
            await _require_rotatable(connection, old, now)
            ends = rotation(old, now, grace)
            request = KeyRequest(old.name, old.scopes, old.limit_per_minute, ends.new_expires_at)
            new, text = await _insert(connection, request, old.id)
            old = key_of(await connection.fetchrow(_EXPIRE, prefix, ends.old_expires_at))
            return old, new, text


async def revoke_key(pool: Pool, prefix: str) -> ApiKey | None:
    """Revokes a key permanently and returns it; None if it does not exist or is revoked already. Raises
    StoreUnavailable.
    """
    return await _changed(pool, _REVOKE, prefix)


async def expire_key(pool: Pool, prefix: str, at: datetime | None) -> ApiKey | None:
    """Sets the expiry time of a key (None removes it) and returns the key; None if it does not exist or is revoked.
    Raises StoreUnavailable.
    """
    return await _changed(pool, _EXPIRE, prefix, at)


async def _changed(pool: Pool, statement: str, *args: object) -> ApiKey | None:
    with store_errors():
        async with pool.acquire(timeout=ACQUIRE_SECONDS) as connection:
            row = await connection.fetchrow(statement, *args)
    return None if row is None else key_of(row)


async def _insert(connection: Connection, request: KeyRequest, rotated_from: int | None) -> tuple[ApiKey, KeyText]:
    text = new_key()
    row = await connection.fetchrow(
        _INSERT,
        request.name,
        text.prefix,
        text.digest,
        sorted(request.scopes),
        request.limit_per_minute,
        request.expires_at,
        rotated_from,
    )
    return key_of(row), text


async def _require_rotatable(connection: Connection, old: ApiKey, now: datetime) -> None:
    if (state := old.state(now)) is not KeyState.ACTIVE:
        raise CannotRotate(f"{old.prefix} is {state.value.lower()}: create a new key")
    if (successor := await connection.fetchval(_SUCCESSOR, old.id)) is not None:
        raise CannotRotate(f"{old.prefix} was rotated already: its successor is {successor}")
