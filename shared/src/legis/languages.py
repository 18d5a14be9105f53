"""Texts for people in English and Brazilian Portuguese, and which of the two `Accept-Language` prefers."""

from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from legis.negotiation import preferences


class Language(StrEnum):
    """A language of the API's texts, as `Content-Language` has it."""

    ENGLISH = "en"
    PORTUGUESE = "pt-BR"


class Text(NamedTuple):
    """One text in both languages."""

    en: str
    pt: str

    def told(self, language: Language) -> str:
        """The text in that language."""
        return self.pt if language is Language.PORTUGUESE else self.en


@lru_cache(maxsize=1024)
def preferred_language(accept_language: str) -> Language:
    """Portuguese where it has a higher weight than English; English otherwise. `pt-PT` is Portuguese too."""
    weights = {"en": 0.0, "pt": 0.0}
    for tag, weight in preferences(accept_language):
        primary = tag.partition("-")[0]
        if primary in weights:
            weights[primary] = max(weights[primary], weight)
    return Language.PORTUGUESE if weights["pt"] > weights["en"] else Language.ENGLISH
