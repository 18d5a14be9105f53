"""Stop words, and the reviewed synonyms and abbreviations of legislative Portuguese."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from legis.domain.search_text import fold, plain

from api_gateway.search.language.analysis import surface, tokens, units

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


_SINGULAR = " "
"""First element of the key of a single word, which is compared by letters too: `público` and `publicidade` have one
stem.
"""

_PLURALS = {"ao": ("oes", "aes"), "r": ("res",), "z": ("zes",), "l": ("is",), "m": ("ns",)}


def key_of(words: Iterable[str], *, as_written: bool = False) -> Key:
    """The key of some words. With `as_written`, the words without case and accents; else the singular of one word, or
    the tokens of several.
    """
    listed = list(words)
    if as_written:
        return (_AS_WRITTEN, *(plain(word) for word in listed))
    if len(listed) == 1:
        return (_SINGULAR, _singular(listed[0]))
    return tuple(token for word in listed for token in tokens(word))


def forms(text: str) -> tuple[str, ...]:
    """A synonym of one word in singular and plural, without accents, as bills may spell it; an abbreviation only as it
    is. Empty for several words and for a word with digits.
    """
    words = units(text)
    word = surface(words[0]) if len(words) == 1 else ""
    if not word or text in _abbreviations():
        return (word,) if word else ()
    for ending, plurals in _PLURALS.items():
        if word.endswith(ending):
            return (word, *(word.removesuffix(ending) + plural for plural in plurals))
    return (word, f"{word}s")


def _singular(word: str) -> str:
    """A word without accents, case and plural ending. Wrong for some words, but the same on both sides."""
    folded = fold(word)
    if folded.endswith(("res", "zes")):
        return folded.removesuffix("es")
    return folded.removesuffix("s") if folded.endswith("es") else folded


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


@lru_cache(1)
def _abbreviations() -> frozenset[str]:
    return frozenset(text for _, short in _groups() for text in short)


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
