"""What a client may do: the scopes of an API key, and those of a client without one."""

from collections.abc import Iterable
from enum import StrEnum


class Scope(StrEnum):
    """One permission. None includes another: a key has exactly those it was given."""

    READ = "read"
    """Every GET of the public API."""
    SUBSCRIPTIONS = "subscriptions"
    """Creating and changing subscriptions of its own."""
    ADMIN = "admin"
    """Operations on what belongs to others."""


KEYLESS_SCOPES = frozenset({Scope.READ})
"""Scopes of a client that sends no key."""


def known_scopes(stored: Iterable[str]) -> frozenset[Scope]:
    """The scopes of a stored key; a scope of a newer release grants nothing here."""
    return frozenset(Scope) & frozenset(stored)
