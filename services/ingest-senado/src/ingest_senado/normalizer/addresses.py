"""Brings the addresses of documents into one form, and makes the address of a bill's page."""

import re
from datetime import date

from legis.domain.bill import Document
from legis.domain.vocabulary import DocumentKind

PAGE = "https://www25.senado.leg.br/web/atividade/materias/-/materia/"
DOCUMENT = "https://legis.senado.leg.br/sdleg-getter/documento?dm="

_GETTER = re.compile(r"^https?://legis\.senado\.(?:leg|gov)\.br/sdleg-getter/documento\?dm=(\d{1,19})$")
_OURS = re.compile(r"^https?://(?=(?:www\d*|legis|www6g)\.senado\.)")


def page_url(code: int | str | None) -> str | None:
    """The address of the bill's page on the Senado's website."""
    return None if code is None else f"{PAGE}{code}"


def document_url(url: str) -> tuple[str, str | None]:
    """The address in its one form, and the document's id where the address contains it.

    One response mixes http with https and `gov.br` with `leg.br` for the same document.
    """
    url = url.strip()
    if match := _GETTER.match(url):
        return f"{DOCUMENT}{match[1]}", match[1]
    if _OURS.match(url):
        url = "https://" + url.split("://", 1)[1].replace(".senado.gov.br", ".senado.leg.br", 1)
    return url, None


def secure(url: str | None) -> str | None:
    """An address of the Senado in the form that its servers redirect to: https, and `leg.br`."""
    return document_url(url)[0] if url else None


def full_text(url: str | None, kind_text: str | None) -> tuple[Document, ...]:
    """The document of the bill's own text, with equal values from list and detail."""
    if not url:
        return ()
    address, number = document_url(url)
    return (Document(kind=DocumentKind.FULL_TEXT, url=address, kind_text=kind_text, upstream_id=number),)


def attached(
    url: str, kind: DocumentKind, *, kind_text: str | None, title: str | None, on: date | None, number: str | None
) -> Document:
    """A document of the proceedings. Where it has no number, its id is the one in its address."""
    address, found = document_url(url)
    return Document(
        kind=kind, url=address, kind_text=kind_text, title=title, published_on=on, upstream_id=number or found
    )
