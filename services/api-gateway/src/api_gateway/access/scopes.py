"""Permissions of clients: the scopes of an API key, and those of a client without a key."""

from collections.abc import Iterable
from enum import StrEnum


class Scope(StrEnum):
    """One permission. No scope includes another: a key has exactly the scopes that it was given."""

    READ = "read"
    """Every GET of the public API."""
    SUBSCRIPTIONS = "subscriptions"
    """Creating and changing the client's own subscriptions."""
    ADMIN = "admin"
    """Operations on data that belong to other clients."""


KEYLESS_SCOPES = frozenset({Scope.READ})
"""Scopes of a client that sends no API key."""


def known_scopes(stored: Iterable[str]) -> frozenset[Scope]:
    """Scopes of a stored key. Unknown scopes, of a newer release, are ignored and grant nothing."""
    return frozenset(Scope) & frozenset(stored)
