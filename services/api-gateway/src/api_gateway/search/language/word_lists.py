"""Stop words, and the reviewed synonyms and abbreviations of legislative Portuguese."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from legis.domain.search_text import plain

from api_gateway.search.language.analysis import tokens, units

_STOP_WORDS = """
    a à ao aos aquela aquele aquilo as às até com como da das de dela dele deste desta do dos e é em entre era
    essa esse esta este eu foi há isso isto já lhe mais mas me mesmo na nas não nem no nos num numa o os ou para
    pela pelas pelo pelos por qual quando que quem se sem ser seu sua seus suas só são também te tem um uma uns
    umas
"""
STOP_WORDS = frozenset(tokens(_STOP_WORDS))
"""Removed from a query if other words remain; the index has them, for phrases."""

Key = tuple[str, ...]
_AS_WRITTEN = ""
"""First element of the key of an abbreviation, which is compared by letters and not by stem: LOAS is not the plural of
LOA.
"""


def key_of(words: Iterable[str], *, as_written: bool = False) -> Key:
    """The key of some words: their tokens or, with `as_written`, the words without case and accents."""
    if as_written:
        return (_AS_WRITTEN, *(plain(word) for word in words))
    return tuple(token for word in words for token in tokens(word))


@lru_cache(1)
def synonyms() -> Mapping[Key, tuple[str, ...]]:
    """Synonyms as text, by the key of the words that they may replace."""
    found: dict[Key, tuple[str, ...]] = {}
    for group, short in _groups():
        for text in group:
            key = key_of(units(text), as_written=text in short)
            others = tuple(other for other in group if other != text)
            found[key] = tuple(dict.fromkeys((*found.get(key, ()), *others)))
    return {key: others for key, others in found.items() if key and others}


@lru_cache(1)
def longest_synonym() -> int:
    """Words of the longest key."""
    return max(map(len, synonyms()), default=0)


def _groups() -> Iterator[tuple[list[str], list[str]]]:
    """Groups of texts with the same meaning, each with those that are abbreviations."""
    listed = tomllib.loads(Path(__file__).with_name("synonyms.toml").read_text())
    for entry in listed.get("abbreviation", ()):
        yield [entry["short"], *entry["long"]], [entry["short"]]
    for entry in listed.get("law", ()):
        names = entry["names"]
        law = f"{entry.get('kind', 'lei')} {entry['number']}"
        # Only from name to number: a law cited by its number is rarely meant by its name.
        for name in names:
            yield [name, law, *(other for other in names if other != name)], [n for n in names if " " not in n]
    for entry in listed.get("same", ()):
        yield entry["words"], []
