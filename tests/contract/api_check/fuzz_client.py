"""The client that makes the generated requests: its key, and what is stored for it."""

from dataclasses import dataclass

from api_gateway.access.scopes import Scope
from api_gateway.store.keys.api_key_admin import KeyRequest, create_key
from api_gateway.store.subscriptions.subscription_rows import Owner
from api_gateway.store.subscriptions.subscription_writer import NewSubscription, create_subscription
from api_gateway.subscriptions.subscription import Channel, Frequency, SubscriptionState
from asyncpg import Pool

SUBSCRIPTIONS = 3


@dataclass(frozen=True, slots=True)
class FuzzClient:
    """An API key, and the public ids of subscriptions that belong to it."""

    key: str
    subscriptions: tuple[str, ...]


async def create_client(pool: Pool) -> FuzzClient:
    """A key that may do all that a client may, without which every subscription is refused before it is read. Its
    subscriptions are confirmed, which a request alone cannot bring about.
    """
    scopes = frozenset({Scope.READ, Scope.SUBSCRIPTIONS})
    stored, key = await create_key(pool, KeyRequest("api-check", scopes, 100_000_000))
    wanted = NewSubscription(
        Channel.WEBHOOK, "https://hooks.example/legis", {"kind": ["MOVED"]},
        Frequency.IMMEDIATE, "en", SubscriptionState.ACTIVE,
    )  # fmt: skip
    made = [await create_subscription(pool, Owner(stored.id), wanted) for _ in range(SUBSCRIPTIONS)]
    return FuzzClient(key.reveal(), tuple(one.public_id for one in made))
