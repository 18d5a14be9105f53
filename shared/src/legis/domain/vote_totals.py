"""Reads the totals that both houses print after a sentence, such as `Sim: 236; Não: 178; Abstenção: 2; Total: 416`.

They are typed by hand: `Não, 10`, `não; 232`, `Nâo`, `Sin`, `Absteção`, `39 votos "Sim"`. So a word is matched to the
most similar option, but only where both a Yes and a No with numbers are close together, or one of them beside a total
that agrees.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from legis.domain.search_text import plain
from legis.domain.voting import VoteCounts, VoteOption

_NEAR = 40
"""Maximum number of characters between two numbers of one set of totals."""

_ALIKE = 0.75
"""Minimum similarity of two long words: `abtencao` and `absteçao` are 0.9 like `abstencao`."""

_CHAIR = re.compile(r"\b(?:artigo|art\.?)\s*17\b", re.IGNORECASE)
_LABELLED = re.compile(
    r"(?P<word>[^\W\d_]{3,12})[\"”’')]*\s*(?P<sign>(?:[-–:;,.=(]\s*)*)(?P<figure>\d{1,3})\b(?![./º°ª]\w)"
)
_QUOTED = re.compile(r"\b(?P<figure>\d{1,3})\s+(?P<sign>votos?)\s*[\"“‘'(]*(?P<word>[^\W\d_]{3,12})")
_TOTAL = re.compile(r"\btotal(?: de votantes)?\s*(?:[-–:;,.=(]\s*)*(?P<figure>\d{1,3})\b", re.IGNORECASE)
_SHORT = {"sim": VoteOption.YES, "nao": VoteOption.NO}
_LONG = {
    "abstencao": VoteOption.ABSTAIN,
    "abstencoes": VoteOption.ABSTAIN,
    "obstrucao": VoteOption.OBSTRUCTION,
    "obstrucoes": VoteOption.OBSTRUCTION,
    "presidindo": VoteOption.PRESIDING,
    "pres": VoteOption.PRESIDING,
    "abs": VoteOption.ABSTAIN,
}
_CHOSEN = {VoteOption.YES, VoteOption.NO}
_BEGINNINGS = (
    ("abst", VoteOption.ABSTAIN),
    ("obstr", VoteOption.OBSTRUCTION),
    ("presid", VoteOption.PRESIDING),
)


@dataclass(frozen=True, slots=True)
class Totals:
    """One set of totals, with its start and end in the text."""

    counts: VoteCounts
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Figure:
    option: VoteOption
    number: int
    start: int
    end: int


def published_counts(text: str | None) -> VoteCounts | None:
    """The first totals of a text; None where it has none."""
    return next((found.counts for found in totals_in(text or "")), None)


def totals_in(text: str) -> Iterator[Totals]:
    """Every set of totals in a text, in order. A Yes or a No alone counts where the total beside it agrees."""
    yield from list(_sets(text, _figures(text, _QUOTED))) or _sets(text, _figures(text, _LABELLED))


@lru_cache(4096)
def option_named(word: str) -> VoteOption | None:
    """The option that a word means, misspelt or not; None where it is similar to none."""
    folded = plain(word).strip()
    if (exact := _SHORT.get(folded) or _LONG.get(folded)) is not None:
        return exact
    for beginning, option in _BEGINNINGS:
        if folded.startswith(beginning):
            return option
    if len(folded) in (3, 4):
        return next((option for known, option in _SHORT.items() if _one_letter_off(folded, known)), None)
    alike = max(_LONG, key=lambda known: SequenceMatcher(None, folded, known).ratio())
    return _LONG[alike] if SequenceMatcher(None, folded, alike).ratio() >= _ALIKE else None


def _sets(text: str, figures: list[_Figure]) -> Iterator[Totals]:
    for group in _groups(figures):
        numbers = {figure.option: figure.number for figure in group}
        both = VoteOption.YES in numbers and VoteOption.NO in numbers
        if both or (_CHOSEN & numbers.keys() and _adds_up(text[group[-1].end :], sum(numbers.values()))):
            yield Totals(_counts(numbers), group[0].start, group[-1].end)


def _adds_up(behind: str, count: int) -> bool:
    """Whether the text after the numbers continues with their total."""
    total = _TOTAL.search(behind[:_NEAR])
    return total is not None and int(total["figure"]) == count


def _figures(text: str, pattern: re.Pattern[str]) -> list[_Figure]:
    normalised = _CHAIR.sub(lambda match: "presidindo".ljust(len(match[0])), text)
    return [
        _Figure(option, int(match["figure"]), match.start(), match.end())
        for match in pattern.finditer(normalised)
        if (option := option_named(match["word"])) is not None and (match["sign"] or _exact(match["word"]))
    ]


def _exact(word: str) -> bool:
    """Whether a word is spelt correctly; a misspelt one counts only with a sign after it."""
    return plain(word).strip() in {**_SHORT, **_LONG}


def _groups(figures: list[_Figure]) -> Iterator[list[_Figure]]:
    """Groups of numbers close to each other, each option once."""
    group: list[_Figure] = []
    for figure in figures:
        again = any(figure.option is other.option for other in group)
        if group and (again or figure.start - group[-1].end > _NEAR):
            yield group
            group = []
        group.append(figure)
    if group:
        yield group


def _counts(numbers: dict[VoteOption, int]) -> VoteCounts:
    yes, no, abstain = (numbers.get(option, 0) for option in (VoteOption.YES, VoteOption.NO, VoteOption.ABSTAIN))
    other = numbers.get(VoteOption.OBSTRUCTION, 0) + numbers.get(VoteOption.PRESIDING, 0)
    return VoteCounts(yes=yes, no=no, abstain=abstain, other=other)


def _one_letter_off(word: str, known: str) -> bool:
    """Whether the words differ by one letter: replaced, added or missing."""
    if len(word) == len(known):
        return sum(a != b for a, b in zip(word, known, strict=True)) == 1
    longer, shorter = (word, known) if len(word) > len(known) else (known, word)
    return any(longer[:place] + longer[place + 1 :] == shorter for place in range(len(longer)))
