"""Text analysis of Portuguese: converts text to search tokens, in the same way for bills and queries.

A token is a word without accents, case and plural ending, reduced by Snowball's Portuguese stemmer; or a number without
dots. `lei nº 8.112/90` gives `lei`, `8112`, `1990`. The index receives tokens joined by blanks, so Tantivy only splits
them. The position of each token in the original text is kept for highlights.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from legis.domain.search_text import fold, plain
from tantivy import Filter, TextAnalyzerBuilder, Tokenizer

LONGEST_TOKEN = 64
"""Characters of a token. Longer ones are not words; they are cut in bills and queries alike."""

SHORTEST_COMPLETION = 2
"""Letters of a word that may be completed, and of a prefix that may be searched."""

DASHES = "‐‑‒–—―−"
"""Signs that are typed or pasted for a hyphen."""

QUOTES = "“”„«»"
"""Signs that are typed or pasted for a quotation mark."""

_HYPHENS = str.maketrans(dict.fromkeys(DASHES, "-"))

FIRST_YEAR_OF_TWO_DIGITS = 30
"""`/30` to `/99` are years of the 20th century, `/00` to `/29` of the 21st: the oldest digital records are of the
1930s.
"""

_UNIT = re.compile(
    r"""
    [^\W\d_][^\W_]*                               # a word
    |(?:\d{1,3}(?:\.\d{3})+(?!\d)|\d+)            # a number: 8112, 8.112
     (?:[ºª°]|[oOaA](?!\w))?                       # of an ordinal: 13º, 13o
     (?:/\d\d(?![\d/]|\.\d))?                     # with a year of two digits: 1.234/75
    """,
    re.VERBOSE,
)
_DIGIT = re.compile(r"\d")
_NOT_DIGIT = re.compile(r"\D")
_NUMBER_SIGNS = frozenset({"n", "nº", "nª", "no", "nr", "nro", "º"})
"""Words without meaning before a number: `lei nº 8.112` is `lei 8112`."""


def hyphenated(text: str) -> str:
    """The text with a hyphen for every dash."""
    return text.translate(_HYPHENS)


def folded(text: str) -> str:
    """The text without accents and case, with a hyphen for every dash and single spaces: as names of bills and laws are
    compared.
    """
    return " ".join(plain(hyphenated(text)).split())


# The stemmer recognises suffixes by their accents, which old texts lack; so accents of suffixes are restored first.
_ACCENTED_SUFFIXES = (("cao", "ção"), ("encia", "ência"), ("ancia", "ância"), ("avel", "ável"), ("ivel", "ível"))

_STEMMER = TextAnalyzerBuilder(Tokenizer.raw()).filter(Filter.stemmer("portuguese")).build()


class Span(NamedTuple):
    """A token and the text it was made from: `text[start:end]`."""

    token: str
    start: int
    end: int


def normal(text: str) -> str:
    """The text in NFC; span positions count its characters."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def spans(text: str) -> Iterator[Span]:
    """Every token of a text in order, with its position in `normal(text)`."""
    found = list(_UNIT.finditer(normal(text)))
    for place in _meaningful([unit[0] for unit in found]):
        start = begin = found[place].start()
        for part in found[place][0].split("/"):
            for token in _TOKENS[part if start == begin else f"/{part}"].split():
                yield Span(token, start, start + len(part))
            start += len(part) + 1


def tokens(text: str) -> list[str]:
    """Every token of a text, in order."""
    return joined_tokens(units(text)).split()


def units(text: str) -> list[str]:
    """Words and numbers of a text as written, in order, without number signs."""
    found = _UNIT.findall(normal(text))
    return [found[place] for place in _meaningful(found)] if _DIGIT.search(text) else found


def joined_tokens(found: Iterable[str]) -> str:
    """The tokens of units joined by blanks, as the index receives them."""
    return " ".join(map(_TOKENS.__getitem__, found))


def _meaningful(found: Sequence[str]) -> list[int]:
    """Positions of the units that are not a number sign before a number."""
    last = len(found) - 1
    return [
        place
        for place, unit in enumerate(found)
        if unit.lower() not in _NUMBER_SIGNS or place == last or not _before_number(found, place)
    ]


def _before_number(found: Sequence[str], place: int) -> bool:
    following = found[place + 1]
    if following == "º" and place + 2 < len(found):  # the number sign was written as `n.º`
        following = found[place + 2]
    return following[0].isdecimal()


def name_tokens(name: str) -> list[str]:
    """The distinct words of a person's or body's name, without accents and case, in alphabetical order.

    Names are not stemmed: `Costa` and `Costas` are two families.
    """
    return sorted({word for match in _UNIT.finditer(normal(name)) if (word := _only_alnum(plain(match[0])))})


def surfaces(found: Iterable[str]) -> set[str]:
    """Units as completions look them up, without accents and case; "" for numbers and for what is too short."""
    return set(map(_SURFACES.__getitem__, found))


def surface(unit: str) -> str:
    """One unit as completions look it up, without accents and case; "" for a number or what is too short."""
    return _SURFACES[unit]


def spelling(unit: str) -> str:
    """A word as completions look it up, then `|`, then as they show it: in lower case with its accents."""
    return _SPELLINGS[unit]


def stem(word: str) -> str:
    """The token of one word; "" if it has no letter or digit."""
    folded = _only_alnum(fold(word))
    if not folded.isalpha() or not folded.isascii():
        return folded
    for suffix, accented in _ACCENTED_SUFFIXES:
        if folded.endswith(suffix):
            folded = folded[: -len(suffix)] + accented
            break
    return plain(_STEMMER.analyze(folded)[0])


def full_year(digits: str) -> int:
    """The year that two or four digits stand for."""
    year = int(digits)
    if len(digits) > 2:
        return year
    return year + (1900 if year >= FIRST_YEAR_OF_TWO_DIGITS else 2000)


def _tokens_of(unit: str) -> str:
    """The tokens of a word, of a number, of a number with its year, or of such a year alone (`/75`), joined by
    blanks.
    """
    number, slash, year = unit.partition("/")
    found = []
    if number:
        found.append(_NOT_DIGIT.sub("", number) if number[0].isdecimal() else stem(number))
    if slash:
        found.append(str(full_year(year)))
    return " ".join(token[:LONGEST_TOKEN] for token in found if token)


def _spelling_of(unit: str) -> str:
    return f"{surface(unit)}|{unit.lower()[:LONGEST_TOKEN]}"


def _surface_of(unit: str) -> str:
    word = _only_alnum(plain(unit))
    return word if len(word) >= SHORTEST_COMPLETION and word.isalpha() else ""


def _only_alnum(word: str) -> str:
    """The letters and digits of a word; its compatibility form may contain other characters."""
    return (word if word.isalnum() else "".join(filter(str.isalnum, word)))[:LONGEST_TOKEN]


class _UnitCache(dict[str, str]):
    """Cache of a function of one unit. Bills share most words, so each is computed once. A dict look-up takes a third
    of the time of `functools.lru_cache`, which would dominate the time of analysis.
    """

    def __init__(self, make: Callable[[str], str]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, unit: str) -> str:
        if len(self) >= _MAX_CACHED:
            self.clear()
        made = self[unit] = self._make(unit)
        return made


_MAX_CACHED = 400_000
"""Entries of one cache; a full cache is cleared."""
_TOKENS = _UnitCache(_tokens_of)
_SURFACES = _UnitCache(_surface_of)
_SPELLINGS = _UnitCache(_spelling_of)
