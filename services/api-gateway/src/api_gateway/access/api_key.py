"""API keys as they are stored: the fields of a key, its state at an instant, and the rule for its rotation."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from api_gateway.access.scopes import Scope


class KeyState(StrEnum):
    """State of an API key; only an active key is accepted."""

    ACTIVE = "ACTIVE"
    EXPIRED = "EXPIRED"
    REVOKED = "REVOKED"


@dataclass(frozen=True, slots=True)
class ApiKey:
    """One stored API key, without its secret. `limit_per_minute` None means the default limit of keys; all instants are
    timezone-aware.
    """

    id: int
    name: str
    prefix: str
    secret_sha256: bytes = field(repr=False)
    scopes: frozenset[Scope]
    limit_per_minute: int | None
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None
    rotated_from: int | None

    def state(self, now: datetime) -> KeyState:
        """State of the key at the instant `now`. A revoked key stays revoked, even after its expiry time."""
        if self.revoked_at is not None:
            return KeyState.REVOKED
        if self.expires_at is not None and self.expires_at <= now:
            return KeyState.EXPIRED
        return KeyState.ACTIVE


@dataclass(frozen=True, slots=True)
class Rotation:
    """Result of a rotation: the end of the old key's grace period, and the expiry time of its successor."""

    old_expires_at: datetime
    new_expires_at: datetime | None


def rotation(old: ApiKey, now: datetime, grace: timedelta) -> Rotation:
    """Computes both expiry times. The old key stays valid for the grace period, but never longer than before; its
    successor gets the same lifetime as the old key had.
    """
    ends = now + grace
    if old.expires_at is None:
        return Rotation(ends, None)
    return Rotation(min(ends, old.expires_at), now + (old.expires_at - old.created_at))
