"""Who asks: a client by its address or by its key, and what it may do."""

from dataclasses import dataclass
from functools import lru_cache

from legis.errors import LegisError

from api_gateway.access.scopes import KEYLESS_SCOPES, Scope


class NotAuthenticated(LegisError):
    """A key was sent and is not accepted, or none was sent where one is needed; the message is for the client."""

    def __init__(self, message: str, *, key_sent: bool) -> None:
        super().__init__(message)
        self.key_sent = key_sent


class TooManyFailures(LegisError):
    """A client sent so many keys that do not exist that no more are looked up for it; `retry_after` in seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("too many requests with keys that do not exist")
        self.retry_after = retry_after


class Forbidden(LegisError):
    """The client is known and may not do this; `scope` is the permission that it lacks."""

    def __init__(self, scope: Scope) -> None:
        super().__init__(f"This needs an API key with the scope {scope.value}")
        self.scope = scope


@dataclass(frozen=True, slots=True)
class Identity:
    """One client. `counted_as` names it to limiters; `limit_per_minute` None is the default of its kind."""

    counted_as: str
    scopes: frozenset[Scope]
    key_id: int | None = None
    limit_per_minute: int | None = None

    def require(self, scope: Scope) -> None:
        """Raises NotAuthenticated where there is no key and the scope needs one, Forbidden where the key lacks it."""
        if scope in self.scopes:
            return
        if self.key_id is None:
            raise NotAuthenticated(f"This needs an API key with the scope {scope.value}", key_sent=False)
        raise Forbidden(scope)


@lru_cache(maxsize=4096)
def keyless(client: str) -> Identity:
    """A client that sends no key, by its address as `client_address.client_key` gives it."""
    return Identity(f"address:{client}", KEYLESS_SCOPES)
