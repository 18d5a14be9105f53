"""Authentication of clients: a key is read from the headers, compared with the stored one, and cached for under a
second. A token from an e-mail is proved by itself.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC

from legis.clock import Clock, utc_now
from legis.errors import StoreUnavailable
from legis.languages import Text

from api_gateway.access.api_key import ApiKey, KeyState
from api_gateway.access.identity import Identity, NotAuthenticated, TooManyFailures, keyless, mail_reader
from api_gateway.access.key_text import KeyText, read_key
from api_gateway.store.database.reader import StoreBusy
from api_gateway.subscriptions.mail_token import address_of_token, is_mail_token
from api_gateway.web.pipeline.coalescing import Coalescing
from api_gateway.web.pipeline.limits.gcra import LocalGcra, Rate

FRESH_SECONDS = 0.9
"""Seconds for which a look-up is trusted: less than the second within which a revoked key must be
refused everywhere.
"""

RETRY_SECONDS = 0.5
"""Seconds after a failed look-up during which the database is not queried for keys again."""

LOOK_UPS_AT_ONCE = 4
"""Look-ups at the same time; others wait for their turn. Many keys that come together must not make the pool busy."""

KEYS_REMEMBERED = 10_000
UNKNOWN_REMEMBERED = 1000
FAILURE_RATE = Rate(per_minute=60, burst=20)
"""Limit per client of look-ups that find no key; above it no keys are looked up for the client."""

_NO_LINK = Text(
    "This link from an e-mail is not valid, or has expired.", "Este link de e-mail não é válido, ou expirou."
)
_NO_KEY = Text("There is no such API key.", "Não existe essa chave de API.")
_REVOKED = Text("This API key was revoked.", "Esta chave de API foi revogada.")
_NO_BEARER = Text("Authorization takes `Bearer` and an API key.", "Authorization aceita `Bearer` e uma chave de API.")
_TWO_KEYS = Text(
    "Authorization and X-API-Key name different API keys.",
    "Authorization e X-API-Key trazem chaves de API diferentes.",
)
_NOT_A_KEY = Text(
    "This is not an API key: its form or its checksum is wrong.",
    "Isto não é uma chave de API: a forma ou o dígito de controle está errado.",
)


@dataclass(frozen=True, slots=True)
class _LookUp:
    """Result of a look-up of one prefix in the store, and the time of the query."""

    key: ApiKey | None
    asked_at: float


class Authenticator:
    """Identifies clients. `find` returns the key with a prefix, and raises StoreUnavailable.

    While the store is away, keys that were looked up before stay accepted for `grace_seconds`, and all others raise
    StoreUnavailable: a key cannot be refused if it cannot be looked up. A store that is only busy gives nobody grace,
    since keys may be revoked in it meanwhile. `used` is called with the id of each
    accepted key. `mail_master` is the key that tokens in e-mails are derived from; without it none is accepted. `clock`
    is monotonic, in seconds. For one event loop.
    """

    def __init__(
        self,
        find: Callable[[str], Awaitable[ApiKey | None]],
        *,
        grace_seconds: float,
        used: Callable[[int], None],
        mail_master: bytes = b"",
        clock: Callable[[], float] = time.monotonic,
        now: Clock = utc_now,
    ) -> None:
        self._find = find
        self._grace = grace_seconds
        self._used = used
        self._mail_master = mail_master
        self._clock = clock
        self._now = now
        self._known: OrderedDict[str, _LookUp] = OrderedDict()
        self._unknown: OrderedDict[str, _LookUp] = OrderedDict()  # separate: guessed keys displace no real ones
        self._looking: Coalescing[_LookUp] = Coalescing()
        self._places = asyncio.Semaphore(LOOK_UPS_AT_ONCE)
        self._failures = LocalGcra(clock=clock)
        self._away_until = float("-inf")

    def identify_at_once(self, headers: Mapping[bytes, bytes], client: str) -> Identity | None:
        """Like `identify`, but without waiting; None if the store must be queried."""
        sent = sent_credential(headers)
        if sent is None:
            return keyless(client)
        if isinstance(sent, str):
            return self._reads_mail(sent, client)
        found = self._remembered(sent.prefix, FRESH_SECONDS)
        return None if found is None else self._proved(sent, found)

    async def identify(self, headers: Mapping[bytes, bytes], client: str) -> Identity:
        """The identity of the client that sent these headers (names in lower case). `client` is its address in the form
        in which clients are counted.

        Raises NotAuthenticated, TooManyFailures, StoreUnavailable.
        """
        sent = sent_credential(headers)
        if sent is None:
            return keyless(client)
        if isinstance(sent, str):
            return self._reads_mail(sent, client)
        found = self._remembered(sent.prefix, FRESH_SECONDS) or await self._looked_up(sent.prefix, client)
        return self._proved(sent, found)

    def _reads_mail(self, token: str, client: str) -> Identity:
        """The identity of a client with a token from an e-mail. Raises NotAuthenticated."""
        address_id = address_of_token(self._mail_master, token, self._now())
        if address_id is None:
            raise NotAuthenticated(_NO_LINK, key_sent=True)
        return mail_reader(client, address_id)

    async def _looked_up(self, prefix: str, client: str) -> _LookUp:
        if prefix not in self._known and (failing := self._failures.peek(client, FAILURE_RATE)).refused:
            raise TooManyFailures(failing.retry_after)
        try:
            found = await self._looking.others(prefix) or await self._ask(prefix)
        except StoreBusy:
            raise
        except StoreUnavailable:
            known = self._remembered(prefix, FRESH_SECONDS + self._grace)
            if known is None or known.key is None:
                raise
            return known
        if found.key is None:
            self._failures.take(client, FAILURE_RATE)
        return found

    async def _ask(self, prefix: str) -> _LookUp:
        with self._looking.making(prefix) as making:
            async with self._places:
                found = await self._found_at(self._clock(), prefix)
            self._remember(prefix, found)
            making.result = found
            return found

    async def _found_at(self, asked_at: float, prefix: str) -> _LookUp:
        if asked_at < self._away_until:
            raise StoreUnavailable("keys could not be looked up just now", retry_after=1)
        try:
            return _LookUp(await self._find(prefix), asked_at)
        except StoreBusy:
            raise
        except StoreUnavailable:
            self._away_until = self._clock() + RETRY_SECONDS
            raise

    def _remember(self, prefix: str, found: _LookUp) -> None:
        self._known.pop(prefix, None)
        self._unknown.pop(prefix, None)
        kept, most = (self._unknown, UNKNOWN_REMEMBERED) if found.key is None else (self._known, KEYS_REMEMBERED)
        kept[prefix] = found
        if len(kept) > most:
            kept.popitem(last=False)

    def _remembered(self, prefix: str, seconds: float) -> _LookUp | None:
        found = self._known.get(prefix) or self._unknown.get(prefix)
        return found if found is not None and self._clock() - found.asked_at < seconds else None

    def _proved(self, sent: KeyText, found: _LookUp) -> Identity:
        key = found.key
        if not sent.matches(None if key is None else key.secret_sha256) or key is None:
            raise NotAuthenticated(_NO_KEY, key_sent=True)
        state = key.state(self._now())
        if state is KeyState.REVOKED:
            raise NotAuthenticated(_REVOKED, key_sent=True)
        if state is KeyState.EXPIRED and key.expires_at is not None:
            ended = f"{key.expires_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
            expired = Text(f"This API key expired at {ended}.", f"Esta chave de API expirou em {ended}.")
            raise NotAuthenticated(expired, key_sent=True)
        self._used(key.id)
        return Identity(f"key:{key.id}", key.scopes, key.id, key.limit_per_minute)


def sent_credential(headers: Mapping[bytes, bytes]) -> KeyText | str | None:
    """The key in `Authorization: Bearer …` or `X-API-Key`, or the text of a token from an e-mail; None if none is sent.
    Raises NotAuthenticated.
    """
    authorization, plain = headers.get(b"authorization"), headers.get(b"x-api-key")
    if authorization is None and plain is None:
        return None
    texts = set() if plain is None else {plain.strip()}
    if authorization is not None:
        scheme, _, rest = authorization.strip().partition(b" ")
        if scheme.lower() != b"bearer":
            raise NotAuthenticated(_NO_BEARER, key_sent=True)
        texts.add(rest.strip())
    if len(texts) > 1:
        raise NotAuthenticated(_TWO_KEYS, key_sent=True)
    text = texts.pop().decode("latin-1")
    if is_mail_token(text):
        return text
    key = read_key(text)
    if key is None:
        raise NotAuthenticated(_NOT_A_KEY, key_sent=True)
    return key
