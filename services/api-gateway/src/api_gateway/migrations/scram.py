"""The SCRAM-SHA-256 verifier of a password (RFC 5803), in PostgreSQL's format: the password itself is never sent."""

import base64
import hashlib
import hmac
import secrets

ITERATIONS = 4096
SALT_BYTES = 16


def scram_verifier(password: str, salt: bytes | None = None) -> str:
    """The verifier for `ALTER ROLE … PASSWORD`, used instead of the password, which would otherwise appear in logs and
    statistics.

    `password` must be ASCII, so that no normalisation is needed. Raises UnicodeEncodeError.
    """
    salt = secrets.token_bytes(SALT_BYTES) if salt is None else salt
    salted = hashlib.pbkdf2_hmac("sha256", password.encode("ascii"), salt, ITERATIONS)
    stored = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    server = hmac.digest(salted, b"Server Key", "sha256")
    return f"SCRAM-SHA-256${ITERATIONS}:{_text(salt)}${_text(stored)}:{_text(server)}"


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()
