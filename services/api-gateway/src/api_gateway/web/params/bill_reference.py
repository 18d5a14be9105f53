"""Parses a name of a bill: label, law that it became, URN, Legis id, upstream id, or the address of its page in either
house or here.
"""

import re
from collections.abc import Iterable
from urllib.parse import parse_qs, urlsplit

from legis.domain.identity.source_registry import BILL_ID, ROWS
from legis.languages import Text

from api_gateway.search.filtering.values import InvalidParameter, clean
from api_gateway.search.language.labels import read_label, read_whole_label
from api_gateway.search.language.law_names import read_law
from api_gateway.search.resolve import Reference

_OWN_ID = re.compile(BILL_ID)
_UPSTREAM_ID = re.compile(r"\d{1,20}")
_PATHS = tuple((row.domain, row.source, re.compile(row.page_path)) for row in ROWS if row.domain)
_DOMAINS = " or ".join(domain for domain, *_ in _PATHS)
_ADDRESS = re.compile(r"https?://|(?:[a-z0-9-]+\.)+[a-z]{2,}(?:[:/?#]|$)")
"""The beginning of an address, in lower case; `https://` may be left out."""

_SCHEME = re.compile(r"https?://", re.IGNORECASE)
_OWN_BILL = re.compile(rf"/(?:en/|api/v1/)?bills/({BILL_ID})(?:/.*)?")
_OWN_LABEL = re.compile(r"/(?:en/)?([A-Za-z]{2,6})/([\d.]{1,9})/(\d{4})/?")
_KINDS = (
    "a label such as PL 2630/2020, a law such as Lei 14.811/2024, a LexML URN, an id, or the address of a bill's page"
    " at either house or here"
)
_KINDS_PT = (
    "um rótulo como PL 2630/2020, uma lei como Lei 14.811/2024, uma URN LexML, um identificador ou o endereço da página"
    " de uma proposição em uma das casas ou aqui"
)


def read_reference(q: str, own: Iterable[str] = ()) -> tuple[str, Reference]:
    """The kind of the name (`LABEL`, `LAW`, `URN`, `ID`, `UPSTREAM_ID`, `URL`), and the parsed name. `own` are the
    public addresses of our pages and of the API; what begins with a slash is an address of theirs. Raises
    InvalidParameter.
    """
    text = clean("q", q, 500)
    lowered = text.lower()
    if law := read_law(text):
        return "LAW", Reference(law=law)
    if lowered.startswith("urn:"):
        return "URN", Reference(urn=lowered)
    if (path := _own_path(text, own)) is not None and (page := _from_own_path(path)) is not None:
        return "URL", page
    if _ADDRESS.match(lowered):
        return "URL", _from_address(text)
    if _OWN_ID.fullmatch(lowered):
        return "ID", Reference(id=text if _OWN_ID.fullmatch(text) else lowered)
    if _UPSTREAM_ID.fullmatch(text):
        return "UPSTREAM_ID", Reference(upstream_id=text)
    label = read_label(text) or read_whole_label(text)
    if label is not None:
        return "LABEL", Reference(label=label)
    raise InvalidParameter("q", Text(f"is not {_KINDS}", f"não é {_KINDS_PT}"))


def _own_path(text: str, own: Iterable[str]) -> str | None:
    """The path of an address of ours, without its query; None where it is none of ours."""
    address = re.split(r"[?#]", _SCHEME.sub("", text, count=1), maxsplit=1)[0]
    if address.startswith("/"):
        return address
    bases = [_SCHEME.sub("", base, count=1).rstrip("/") for base in own]
    return next((address[len(one) :] for one in bases if one and address.lower().startswith(f"{one.lower()}/")), None)


def _from_own_path(path: str) -> Reference | None:
    """The bill of a page of ours; None where it is not the page of one."""
    if found := _OWN_BILL.fullmatch(path):
        return Reference(id=found[1])
    if found := _OWN_LABEL.fullmatch(path):
        kind, number, year = found.groups()
        if kind.lower() == "lei":
            return Reference(law=law) if (law := read_law(f"Lei {number}/{year}")) else None
        return Reference(label=label) if (label := read_label(f"{kind} {number}/{year}")) else None
    return None


def _from_address(text: str) -> Reference:
    try:
        address = urlsplit(text if "://" in text else f"https://{text}")
        host = (address.hostname or "").lower()
        query = parse_qs(address.query)
    except ValueError as error:
        raise InvalidParameter("q", Text("is not an address that can be read", "não é um endereço legível")) from error
    urn = re.search(r"urn:lex:[^/?#]+", text, re.IGNORECASE)
    if host.endswith("lexml.gov.br") and urn:
        return Reference(urn=urn[0].lower(), law=read_law(urn[0]))
    for domain, source, path in _PATHS:
        if host != domain and not host.endswith(f".{domain}"):
            continue
        ids = [
            value for name in ("idProposicao", "id") for value in query.get(name, []) if _UPSTREAM_ID.fullmatch(value)
        ]
        found = path.search(address.path)
        if found or ids:
            return Reference(source=source.value, upstream_id=found[1] if found else ids[0])
    raise InvalidParameter(
        "q",
        Text(
            f"is not the address of a bill's page at {_DOMAINS}",
            f"não é o endereço da página de uma proposição em {_DOMAINS.replace(' or ', ' ou ')}",
        ),
    )
