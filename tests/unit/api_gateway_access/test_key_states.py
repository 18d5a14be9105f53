"""When a key is accepted, what its rotation leaves of it, and who may do what."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from api_gateway.access.api_key import ApiKey, KeyState, rotation
from api_gateway.access.identity import Forbidden, Identity, NotAuthenticated, keyless
from api_gateway.access.scopes import Scope, known_scopes

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def key(**changed: Any) -> ApiKey:
    facts: dict[str, Any] = {
        "id": 1, "name": "tests", "prefix": "0" * 12, "secret_sha256": bytes(32), "scopes": frozenset({Scope.READ}),
        "limit_per_minute": None, "created_at": NOON, "expires_at": None, "last_used_at": None, "revoked_at": None,
        "rotated_from": None,
    }  # fmt: skip
    return ApiKey(**{**facts, **changed})


def test_a_key_ends_at_the_instant_that_was_said() -> None:
    assert key().state(NOON) is KeyState.ACTIVE
    ending = key(expires_at=NOON + HOUR)
    assert ending.state(NOON + HOUR - timedelta(microseconds=1)) is KeyState.ACTIVE
    assert ending.state(NOON + HOUR) is KeyState.EXPIRED
    assert key(expires_at=NOON, revoked_at=NOON).state(NOON + HOUR) is KeyState.REVOKED


def test_rotation_shortens_the_old_key_and_never_lengthens_it() -> None:
    assert rotation(key(), NOON, HOUR).old_expires_at == NOON + HOUR
    assert rotation(key(), NOON, HOUR).new_expires_at is None
    soon = rotation(key(created_at=NOON - 10 * HOUR, expires_at=NOON + HOUR), NOON, 24 * HOUR)
    assert soon.old_expires_at == NOON + HOUR
    assert soon.new_expires_at == NOON + 11 * HOUR, "its successor lives as long as it did"


def test_a_scope_of_a_newer_release_grants_nothing() -> None:
    assert known_scopes(["read", "everything"]) == {Scope.READ}


def test_no_scope_includes_another() -> None:
    admin = Identity("key:1", frozenset({Scope.ADMIN}), 1)
    admin.require(Scope.ADMIN)
    with pytest.raises(Forbidden, match="read"):
        admin.require(Scope.READ)


def test_without_a_key_one_may_read_and_is_asked_for_a_key_elsewhere() -> None:
    somebody = keyless("192.0.2.1")
    somebody.require(Scope.READ)
    with pytest.raises(NotAuthenticated) as refused:
        somebody.require(Scope.SUBSCRIPTIONS)
    assert not refused.value.key_sent
