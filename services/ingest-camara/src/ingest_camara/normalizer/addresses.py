"""Reads ids out of upstream's addresses, whose host and scheme changed over the years."""

import re

from legis.domain.bill import CounterpartHint, Organization
from legis.domain.vocabulary import Chamber, CounterpartRule

from ingest_camara.normalizer.claims import Claims

_LAST_NUMBER = re.compile(r"/(\d+)/?(?:[?#].*)?$", re.ASCII)
_TEXT_CODE = re.compile(r"[?&]codteor=(\d+)", re.ASCII | re.IGNORECASE)
_SENADO = re.compile(r"legis\.senado\.(?:leg|gov)\.br/dadosabertos/materia/([^/?#]+)/(\d{1,9})/(\d{4})", re.ASCII)


def trailing_id(uri: str | None) -> str | None:
    """The id at the end of an address; None without an address, and for id 0, which means "none"."""
    match = _LAST_NUMBER.search(uri) if uri else None
    if match is None:
        return None
    return match[1].lstrip("0") or None


def proposal_id(uri: str | None) -> str | None:
    """The id of a proposição of the Câmara, given its address."""
    return trailing_id(uri) if uri and "/proposicoes/" in uri else None


def deputy_id(uri: str | None) -> str | None:
    """The id of a deputy, given the address of one."""
    return trailing_id(uri) if uri and "/deputados/" in uri else None


def body_id(uri: str | None) -> str | None:
    """The id of a body (órgão), given the address of one."""
    return trailing_id(uri) if uri and "/orgaos/" in uri else None


def text_id(url: str) -> str | None:
    """The number under which the Câmara stores a text."""
    match = _TEXT_CODE.search(url)
    return match[1] if match else None


def organization(claims: Claims, field: str, acronym: str | None, uri: str | None) -> Organization | None:
    """The body that an acronym and an address name. Its house stays open, because joint bodies are listed as well."""
    code, name = body_id(uri), claims.text(field, acronym)
    return Organization(code=code, acronym=name) if code or name else None


def counterpart(uri: str | None) -> CounterpartHint | None:
    """The bill's record in the Senado, where the address points into the Senado's open data; else None."""
    match = _SENADO.search(uri) if uri else None
    if match is None or uri is None:
        return None
    return CounterpartHint(
        rule=CounterpartRule.EXPLICIT_URI,
        chamber=Chamber.SENADO,
        type_code=match[1].upper(),
        number=int(match[2]),
        year=int(match[3]),
        evidence=uri,
    )
