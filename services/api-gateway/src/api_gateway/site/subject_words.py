"""Subjects of bills in words: the API's filters and counts have them as keys, `politica-social-saude`."""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

from legis.domain.search_text import fold

_ACCENTED = """
    administração agropecuária atuação ciência ciências comunicação comunicações comércio crédito econômico
    educação eleições família finança finanças fundiária habitação histórico honorífico hídricos indústria
    inovação jurídico justiça licitação licitações município municípios organização orçamento orçamentos
    pecuária política político previdência pública públicas público públicos relação relações religião saúde
    segurança serviço serviços sustentável tributação tributário viação
"""
"""Words of subjects as they are written: the API's keys of subjects have no accents."""

_KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_NO_KEY = re.compile(r"[^a-z0-9]+")


def subject(key: str) -> str:
    """A subject by its key: the key is its name without accents and signs, and the accents of usual words are known.
    Names of subjects are Portuguese in both languages.
    """
    text = " ".join(_accents().get(word, word) for word in key.split("-"))
    return text[:1].upper() + text[1:]


def subject_text(value: str, names: Iterable[str] = ()) -> str:
    """A value of the filter `subject` in words: of a key, the one of the names of subjects that has it, else the key's
    own words. A name stays as it is.
    """
    if not _KEY.fullmatch(value):
        return value
    return next((name for name in names if _NO_KEY.sub("-", fold(name)).strip("-") == value), subject(value))


@cache
def _accents() -> dict[str, str]:
    return {unicodedata.normalize("NFD", word).encode("ascii", "ignore").decode(): word for word in _ACCENTED.split()}
