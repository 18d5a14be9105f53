"""Which addresses a webhook may have: https on a public name, nothing that could mean this network.

The grammar is strict, since parsers disagree about everything that is not: what a later parser takes for `127.0.0.1`
must never be stored. `forbidden_addresses` checks once more what a name resolves to, at the socket.
"""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

import idna
from legis.errors import LegisError
from legis.languages import Text

MAX_CHARACTERS = 2048
PORTS = frozenset({443, 8443})

_OUTSIDE = re.compile(r"[\x00-\x20\x7f\\\ufeff\u00ad\u200b-\u200f\u2028-\u202f\u2060-\u206f]")
"""Control characters, blanks, backslashes and characters that are not seen: each has been read in two ways."""

_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_LAST_LABEL = re.compile(r"[a-z]{2,63}|xn--[a-z0-9-]{1,59}")
"""A last label of letters rules out every spelling of an IPv4 address: decimal, octal, hexadecimal and short forms."""

_RESERVED = frozenset(
    {
        "localhost", "local", "localdomain", "internal", "intranet", "lan", "home", "corp", "private", "arpa", "onion",
        "test", "invalid", "example", "svc", "alt",
    }
)  # fmt: skip
"""Last labels that never name a host on the public internet (RFC 6761, 8244, 9476 and common practice)."""

_RESERVED_NAMES = ("cluster.local", "home.arpa", "example.com", "example.org", "example.net")


class UrlRefused(LegisError):
    """An address that no webhook may have. `text` is for the owner and says why."""

    def __init__(self, en: str, pt: str) -> None:
        super().__init__(en)
        self.text = Text(en, pt)


@dataclass(frozen=True, slots=True)
class WebhookUrl:
    """An allowed address in its only spelling: host in lower case and ASCII."""

    text: str
    host: str
    port: int


def webhook_url(given: str, own_names: frozenset[str] = frozenset()) -> WebhookUrl:
    """The address. `own_names` are hosts of this service, which may not be called. Raises UrlRefused."""
    if len(given) > MAX_CHARACTERS:
        raise UrlRefused(f"has more than {MAX_CHARACTERS} characters", f"tem mais de {MAX_CHARACTERS} caracteres")
    if _OUTSIDE.search(given):
        raise UrlRefused("has a blank, a backslash or a control character", "tem espaço, barra invertida ou controle")
    try:
        parts = urlsplit(given)
        port = parts.port
    except ValueError:
        raise UrlRefused("is not a URL", "não é uma URL") from None
    if parts.scheme != "https":
        raise UrlRefused("must begin with https://", "deve começar com https://")
    if "@" in parts.netloc:
        raise UrlRefused("must not have a user name or password", "não pode ter usuário nem senha")
    if "#" in given:
        raise UrlRefused("must not have a fragment", "não pode ter fragmento (#)")
    if port is not None and port not in PORTS:
        raise UrlRefused("must be on port 443 or 8443", "deve usar a porta 443 ou 8443")
    host = _host(parts.hostname or "", own_names)
    shown_port = "" if port in (None, 443) else f":{port}"
    query = f"?{parts.query}" if parts.query else ""
    return WebhookUrl(f"https://{host}{shown_port}{parts.path or '/'}{query}", host, port or 443)


def _host(given: str, own_names: frozenset[str]) -> str:
    name = given.removesuffix(".")
    try:
        host = idna.encode(name, uts46=True, std3_rules=True).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError):
        raise UrlRefused("must name a host", "deve conter o nome de um servidor") from None
    labels = host.split(".")
    if len(labels) < 2 or len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise _no_public_name()
    if not _LAST_LABEL.fullmatch(labels[-1]):
        raise _no_public_name()
    if labels[-1] in _RESERVED or any(host == one or host.endswith(f".{one}") for one in _RESERVED_NAMES):
        raise UrlRefused(
            "names a host that is not on the public internet", "nomeia um servidor fora da internet pública"
        )
    if any(host == one or host.endswith(f".{one}") for one in own_names):
        raise UrlRefused("names this service", "nomeia este próprio serviço")
    return host


def _no_public_name() -> UrlRefused:
    return UrlRefused(
        "must name a host of the public internet, not an address",
        "deve conter o nome de um servidor da internet pública, não um endereço",
    )
