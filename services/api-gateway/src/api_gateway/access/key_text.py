"""The text of an API key: `legis_<prefix>_<secret><checksum>`, how it is made, read, hashed and compared.

The prefix (48 bits) finds the key and is no secret. The secret has 256 random bits, so a plain SHA-256 of it is safe to
store: nobody can try that many. The checksum (CRC-32 of all before it) tells a mistyped key from a wrong one without a
look-up, and lets scanners of leaked secrets recognise one.
"""

import hashlib
import hmac
import re
import secrets
import zlib
from dataclasses import dataclass, field

PREFIX_BYTES = 6
SECRET_BYTES = 32
KEY_PATTERN = re.compile(r"legis_(?P<prefix>[0-9a-f]{12})_(?P<secret>[0-9a-f]{64})(?P<checksum>[0-9a-f]{8})")
PREFIX_PATTERN = re.compile(r"[0-9a-f]{12}")

_NO_DIGEST = bytes(hashlib.sha256().digest_size)
"""Compared with where there is no such key, so that the answer takes as long."""


@dataclass(frozen=True, slots=True)
class KeyText:
    """One key as its holder has it; `secret` is never shown by `repr`."""

    prefix: str
    secret: bytes = field(repr=False)

    @property
    def digest(self) -> bytes:
        """SHA-256 of the secret: what is stored."""
        return hashlib.sha256(self.secret).digest()

    def reveal(self) -> str:
        """The whole text, to be shown once to its holder."""
        body = f"legis_{self.prefix}_{self.secret.hex()}"
        return body + _checksum(body)

    def matches(self, stored: bytes | None) -> bool:
        """Whether the secret is the stored one, in constant time; False for None, in the same time."""
        same = hmac.compare_digest(self.digest, _NO_DIGEST if stored is None else stored)
        return same and stored is not None


def new_key() -> KeyText:
    """A key that nobody has seen."""
    return KeyText(secrets.token_hex(PREFIX_BYTES), secrets.token_bytes(SECRET_BYTES))


def read_key(text: str) -> KeyText | None:
    """The key that a client sent; None where it has not the form of one, or its checksum is wrong."""
    found = KEY_PATTERN.fullmatch(text)
    if found is None or _checksum(text[: -len(found["checksum"])]) != found["checksum"]:
        return None
    return KeyText(found["prefix"], bytes.fromhex(found["secret"]))


def _checksum(body: str) -> str:
    return f"{zlib.crc32(body.encode()):08x}"
