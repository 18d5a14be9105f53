"""Similarity of two official titles (ementas), by the words they share."""

import re
from functools import lru_cache

from legis.domain.search_text import fold

_WORD = re.compile(r"[0-9]+(?:\.[0-9]+)*|[a-z][a-z0-9]+")
_REWORDED = re.compile(r"\bnova ementa(?: d[aeo] redacao)?(?: final)?\s*:?")
_EMPTY_WORDS = frozenset(
    fold(
        "altera acrescenta dispõe sobre dá outras providências lei leis complementar decreto nº de da do das dos a o as"
        " os e ou em no na nos nas ao aos à às por pelo pela para que com sem se seu sua um uma como art artigo inciso"
        " parágrafo caput janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro"
    ).split()
)


def title_similarity(one: str | None, other: str | None) -> float | None:
    """Shared words divided by all words (Jaccard), 0 to 1, symmetric; None where a title is missing or has no
    significant word.

    A Câmara title may contain its successor ("… NOVA EMENTA: …"): the two wordings that are most similar count.
    """
    return max(
        (len(mine & theirs) / len(mine | theirs) for mine in _readings(one or "") for theirs in _readings(other or "")),
        default=None,
    )


@lru_cache(maxsize=1024)
def _readings(title: str) -> tuple[frozenset[str], ...]:
    """The significant words of each wording in a title: those that most titles have are left out."""
    wordings = (frozenset(_WORD.findall(part)) - _EMPTY_WORDS for part in _REWORDED.split(fold(title)))
    return tuple(words for words in wordings if words)
