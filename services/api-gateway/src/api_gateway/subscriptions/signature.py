"""Signatures of webhooks by the Standard Webhooks specification 1.0.0: HMAC-SHA256 over id, time and body.

Written here and not taken from its library, which signs times of other zones wrong and takes keys of any form; tests
verify our signatures with that library.
"""

import base64
import hashlib
import hmac
from collections.abc import Sequence

PREFIX = "whsec_"


def signing_key(master: bytes, public_id: str, number: int) -> bytes:
    """Key `number` of a subscription, 32 bytes (the specification allows 24 to 64). It is derived, not stored: who
    reads the database learns no key.
    """
    return hmac.digest(master, f"webhook.{public_id}.{number}".encode(), hashlib.sha256)


def secret_text(key: bytes) -> str:
    """A key as it is shown to its owner."""
    return PREFIX + base64.b64encode(key).decode()


def signature(key: bytes, message_id: str, timestamp: int, body: bytes) -> str:
    """The signature of one attempt. `timestamp` is the Unix time of the attempt, `body` exactly what is sent."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


def signed_headers(keys: Sequence[bytes], message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The three headers of the specification. During a rotation there are two keys, and a signature by each."""
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signature(key, message_id, timestamp, body) for key in keys),
    }
