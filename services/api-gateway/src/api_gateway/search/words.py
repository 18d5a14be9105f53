"""Stop words, and the reviewed list of synonyms and abbreviations of legislative Portuguese."""

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from api_gateway.search.analysis import tokens

STOP_WORDS = frozenset(
    token
    for word in (
        "a à ao aos aquela aquele aquilo as às até com como da das de dela dele deste desta do dos e é em entre era essa"
        " esse esta este eu foi há isso isto já lhe mais mas me mesmo na nas não nem no nos num numa o os ou para pela"
        " pelas pelo pelos por qual quando que quem se sem ser seu sua seus suas só são também te tem um uma uns umas"
    ).split()
    for token in tokens(word)
)
"""Dropped from a query where other words remain; the index holds them, for phrases."""

Sequence = tuple[str, ...]


@lru_cache(1)
def synonyms() -> Mapping[Sequence, tuple[str, ...]]:
    """What else may be meant by some words: their tokens in order → the other ways to write it, as text."""
    listed = tomllib.loads((Path(__file__).with_name("synonyms.toml")).read_text())
    groups = [[entry["short"], *entry["long"]] for entry in listed.get("abbreviation", ())]
    groups += [entry["words"] for entry in listed.get("same", ())]
    found: dict[Sequence, tuple[str, ...]] = {}
    for group in groups:
        for text in group:
            key = tuple(tokens(text))
            others = tuple(other for other in group if tuple(tokens(other)) != key)
            found[key] = tuple(dict.fromkeys((*found.get(key, ()), *others)))
    return {key: others for key, others in found.items() if key and others}


@lru_cache(1)
def longest_synonym() -> int:
    """Tokens of the longest entry."""
    return max(map(len, synonyms()), default=0)
