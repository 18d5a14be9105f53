"""Signatures are those of the Standard Webhooks specification, as its own library verifies them."""

import base64
import random
from datetime import UTC, datetime, timedelta

import pytest
from api_gateway.subscriptions.retry_schedule import GIVEN_UP_AFTER, retry_delay
from api_gateway.subscriptions.signature import secret_text, signature, signed_headers, signing_key
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

BODY = b'{"test": 2432232314}'


def test_the_vector_of_the_specification() -> None:
    key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    signed = signature(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, BODY)
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_public_library_verifies_both_keys_of_a_rotation() -> None:
    old, new, other = (signing_key(b"m" * 32, public_id, n) for public_id, n in (("a", 1), ("a", 2), ("b", 1)))
    now = int(datetime.now(UTC).timestamp())
    headers = signed_headers([old, new], "evt_1_2_3", now, BODY)
    for key in (old, new):
        assert Webhook(secret_text(key)).verify(BODY, headers) == {"test": 2432232314}
    with pytest.raises(WebhookVerificationError):
        Webhook(secret_text(other)).verify(BODY, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(secret_text(old)).verify(BODY + b" ", headers)
    stale = signed_headers([old], "evt_1_2_3", now - 400, BODY)
    with pytest.raises(WebhookVerificationError):
        Webhook(secret_text(old)).verify(BODY, stale)


def test_waits_grow_and_are_spread() -> None:
    dice = random.Random(1)
    waits = [retry_delay(n, None, dice) for n in range(1, 12)]
    assert timedelta(seconds=4) <= waits[0] <= timedelta(seconds=6)
    assert timedelta(hours=16) <= waits[-1] <= timedelta(hours=24)
    assert len({retry_delay(3, None, dice) for _ in range(5)}) == 5
    assert sum(waits[:8], timedelta()) < GIVEN_UP_AFTER


def test_a_receiver_may_ask_for_more_time_but_not_for_ever() -> None:
    dice = random.Random(1)
    assert retry_delay(1, timedelta(minutes=2), dice) == timedelta(minutes=2)
    assert retry_delay(1, timedelta(days=9), dice) == timedelta(hours=1)
    assert retry_delay(6, timedelta(seconds=1), dice) > timedelta(hours=8)
