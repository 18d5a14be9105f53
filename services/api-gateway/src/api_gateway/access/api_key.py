"""An API key as it is stored, its state at an instant, and the rule of its rotation."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from api_gateway.access.scopes import Scope


class KeyState(StrEnum):
    """Whether a key is accepted."""

    ACTIVE = "ACTIVE"
    EXPIRED = "EXPIRED"
    REVOKED = "REVOKED"


@dataclass(frozen=True, slots=True)
class ApiKey:
    """One key without its secret. `limit_per_minute` None is the default limit of keys; instants are aware."""

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
        """The state at an instant; who is revoked stays revoked, whenever it would have expired."""
        if self.revoked_at is not None:
            return KeyState.REVOKED
        if self.expires_at is not None and self.expires_at <= now:
            return KeyState.EXPIRED
        return KeyState.ACTIVE


@dataclass(frozen=True, slots=True)
class Rotation:
    """Until when the old key is accepted beside its successor, and when the successor expires."""

    old_expires_at: datetime
    new_expires_at: datetime | None


def rotation(old: ApiKey, now: datetime, grace: timedelta) -> Rotation:
    """The old key lives for the grace period and never longer than before; its successor as long as the old one did."""
    ends = now + grace
    if old.expires_at is None:
        return Rotation(ends, None)
    return Rotation(min(ends, old.expires_at), now + (old.expires_at - old.created_at))
