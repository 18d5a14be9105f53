"""The text of an API key, `legis_<prefix>_<secret><checksum>`: how it is created, parsed, hashed and compared.

The prefix (48 bits) identifies the key and is not secret. The secret has 256 random bits, so a plain SHA-256 of it is
safe to store: nobody can try that many values. The checksum (CRC-32 of everything before it) distinguishes a mistyped
key from a wrong one without a look-up, and lets scanners for leaked secrets recognise a key.
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
"""Compared with the digest of the sent key if no such key is stored, so that this reply takes as long as any other."""


@dataclass(frozen=True, slots=True)
class KeyText:
    """The parts of one key as its holder has it; `repr` never shows `secret`."""

    prefix: str
    secret: bytes = field(repr=False)

    @property
    def digest(self) -> bytes:
        """SHA-256 of the secret: the only form in which the secret is stored."""
        return hashlib.sha256(self.secret).digest()

    def reveal(self) -> str:
        """The whole text of the key, shown to its holder once."""
        body = f"legis_{self.prefix}_{self.secret.hex()}"
        return body + _checksum(body)

    def matches(self, stored: bytes | None) -> bool:
        """Compares the secret's digest with `stored`, in constant time; False for None, after the same time."""
        same = hmac.compare_digest(self.digest, _NO_DIGEST if stored is None else stored)
        return same and stored is not None


def new_key() -> KeyText:
    """Creates a key from new random bits."""
    return KeyText(secrets.token_hex(PREFIX_BYTES), secrets.token_bytes(SECRET_BYTES))


def read_key(text: str) -> KeyText | None:
    """Parses the key that a client sent; None if it does not have the form of a key, or its checksum is wrong."""
    found = KEY_PATTERN.fullmatch(text)
    if found is None or _checksum(text[: -len(found["checksum"])]) != found["checksum"]:
        return None
    return KeyText(found["prefix"], bytes.fromhex(found["secret"]))


def _checksum(body: str) -> str:
    return f"{zlib.crc32(body.encode()):08x}"
