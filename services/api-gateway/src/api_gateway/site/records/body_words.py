"""Bodies in sentences: which article their Portuguese name takes, and whether they have a page here."""

from collections.abc import Mapping
from typing import Any

from api_gateway.site.records.vote_facts import is_plenary
from api_gateway.site.wording import Words

_COMMITTEES = ("Comissão", "Subcomissão")
_FEMININE = (*_COMMITTEES, "Mesa", "Secretaria", "Corregedoria", "Procuradoria", "Ouvidoria", "Presidência")
_MASCULINE = ("Plenário", "Conselho", "Colégio", "Grupo", "Fórum")
_WITH_RECORD = (*_COMMITTEES, "Plenário", "Conselho", "Mesa")
"""First words of bodies that decide: the API has their records. Offices of the administration have none."""


def has_page(body: Mapping[str, Any]) -> bool:
    """Whether `/committees/{id}` leads to the body; where its name does not tell, it is taken not to."""
    return bool(body.get("id")) and (is_plenary(body) or _first_word(body) in _WITH_RECORD)


def body_in_sentence(words: Words, body: Mapping[str, Any]) -> str | None:
    """`a comissão CAE`, `a Comissão de Finanças`, `o Conselho de Ética`; None for a body without name and acronym. A
    committee that has an acronym is named by it, as the houses do; a name of another kind stands without article.
    """
    acronym, first = body.get("acronym"), _first_word(body)
    if acronym and (first in _COMMITTEES or not body.get("name")) and acronym.title() not in _FEMININE:
        return words.t("votes.who_committee", name=acronym)
    name: str | None = body.get("name") or (acronym.title() if acronym else None)
    key = "who_feminine" if first in _FEMININE else "who_masculine" if first in _MASCULINE else None
    return words.t(f"votes.{key}", name=name) if name and key else name


def _first_word(body: Mapping[str, Any]) -> str:
    return (body.get("name") or body.get("acronym") or "").partition(" ")[0].title()
