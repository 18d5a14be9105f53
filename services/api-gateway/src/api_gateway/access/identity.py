"""Identity of a client (by its address or its API key), and the errors of refused access."""

from dataclasses import dataclass
from functools import lru_cache

from legis.errors import LegisError
from legis.languages import Text

from api_gateway.access.scopes import KEYLESS_SCOPES, Scope


def needs_scope(scope: Scope) -> Text:
    """Text of the refusal of a client that lacks this scope."""
    return Text(
        f"This needs an API key with the scope {scope.value}.",
        f"Isto exige uma chave de API com o escopo {scope.value}.",
    )


class NotAuthenticated(LegisError):
    """The API key that was sent is not accepted, or none was sent and the route needs one. `text` is sent to the
    client.
    """

    def __init__(self, text: Text, *, key_sent: bool) -> None:
        super().__init__(text.en)
        self.text = text
        self.key_sent = key_sent


class TooManyFailures(LegisError):
    """Too many keys that do not exist came from this client: no more keys are looked up for it. `retry_after` is in
    seconds.
    """

    def __init__(self, retry_after: int) -> None:
        super().__init__("too many requests with keys that do not exist")
        self.retry_after = retry_after


class Forbidden(LegisError):
    """The client is identified but lacks a permission; `scope` is the missing one."""

    def __init__(self, scope: Scope) -> None:
        self.text = needs_scope(scope)
        super().__init__(self.text.en)
        self.scope = scope


@dataclass(frozen=True, slots=True)
class Identity:
    """One client. `counted_as` is its name in rate limits; `limit_per_minute` None means the default of its kind.
    `address_id` is the id of an e-mail address, where the client sent a token that was e-mailed to it.
    """

    counted_as: str
    scopes: frozenset[Scope]
    key_id: int | None = None
    limit_per_minute: int | None = None
    address_id: str | None = None

    def require(self, scope: Scope) -> None:
        """Raises NotAuthenticated if the scope needs a key and none was sent, Forbidden if the key does not have the
        scope.
        """
        if scope in self.scopes:
            return
        if self.key_id is None and self.address_id is None:
            raise NotAuthenticated(needs_scope(scope), key_sent=False)
        raise Forbidden(scope)


@lru_cache(maxsize=4096)
def keyless(client: str) -> Identity:
    """Identity of a client without an API key; `client` is its address as `TrustedProxies.client` returns it."""
    return Identity(f"address:{client}", KEYLESS_SCOPES)


def mail_reader(client: str, address_id: str) -> Identity:
    """Identity of a client that proved by a token that it reads the e-mails of an address: it is counted like a client
    without a key, and may see and change that address's subscriptions.
    """
    return Identity(f"address:{client}", KEYLESS_SCOPES | {Scope.SUBSCRIPTIONS}, address_id=address_id)
