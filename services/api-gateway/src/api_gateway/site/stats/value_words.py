"""The values of the API's counts in words."""

import unicodedata
from functools import cache

from api_gateway.site.visit import Visit

_ACCENTED = """
    administração agropecuária atuação ciência ciências comunicação comunicações comércio crédito econômico
    educação eleições família finança finanças fundiária habitação histórico honorífico hídricos indústria
    inovação jurídico justiça licitação licitações município municípios organização orçamento orçamentos
    pecuária política político previdência pública públicas público públicos relação relações religião saúde
    segurança serviço serviços sustentável tributação tributário viação
"""
"""Words of subjects as they are written: the API's keys of subjects have no accents."""


def label(visit: Visit, name: str, value: str | int) -> str:
    """What a value of one of the API's counts is called on the page."""
    if name == "type":
        found = visit.words.label("BillType", str(value))
        return f"{value}: {found.text}" if found.text != value else str(value)
    if name == "status":
        return visit.words.label("BillStatus", str(value)).text
    if name == "chamber":
        return visit.words.label("Chamber", str(value)).text
    if name == "stage":
        return visit.words.label("PathStage", str(value)).text
    if name in ("month", "law_month"):
        return visit.formats.month(str(value))
    if name == "party":
        return visit.formats.party(str(value))
    return subject(str(value)) if name == "subject" else str(value)


@cache
def subject(key: str) -> str:
    """A subject by its key: the key is its name without accents and signs, and the accents of usual words are known.
    Names of subjects are Portuguese in both languages.
    """
    text = " ".join(_accents().get(word, word) for word in key.split("-"))
    return text[:1].upper() + text[1:]


@cache
def _accents() -> dict[str, str]:
    return {unicodedata.normalize("NFD", word).encode("ascii", "ignore").decode(): word for word in _ACCENTED.split()}
