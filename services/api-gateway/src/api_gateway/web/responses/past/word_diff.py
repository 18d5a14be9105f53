"""Differences of two texts by words, with the middle of unchanged parts cut."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import takewhile
from typing import Literal

Operation = Literal["equal", "delete", "insert"]

NEAR = 6
"""Unchanged words that are shown beside a change."""

MAX_COMPARED = 200
"""Words between the first and the last difference that are compared; a longer part is shown as replaced whole: the time
of a comparison grows with the square of its words, or worse.
"""

CUT = "… "
_WORD = re.compile(r"\S+\s*")


@dataclass(frozen=True, slots=True)
class DiffPart:
    """Words that are in both texts, only in the old one, or only in the new one."""

    op: Operation
    text: str


def word_diff(old: str, new: str) -> list[DiffPart]:
    """The parts in order. Joined, those that are not `insert` are the old text and those that are not `delete` the new
    one, but for white space and the words that `…` stands for.
    """
    before, after = _words(old), _words(new)
    begin = _alike(before, after)
    end = min(_alike(before[::-1], after[::-1]), len(before) - begin, len(after) - begin)
    parts = [
        DiffPart("equal", _tail(before[:begin])),
        *_compared(before[begin : len(before) - end], after[begin : len(after) - end]),
        DiffPart("equal", _head(before[len(before) - end :])),
    ]
    return [part for part in parts if part.text]


def _words(text: str) -> list[str]:
    return [word.strip() for word in _WORD.findall(text)]


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """Number of equal words at the beginning."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _compared(before: Sequence[str], after: Sequence[str]) -> Iterator[DiffPart]:
    if max(len(before), len(after)) > MAX_COMPARED:
        yield DiffPart("delete", _joined(before))
        yield DiffPart("insert", _joined(after))
        return
    for tag, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            yield DiffPart("equal", _middle(before[i:j]))
        else:
            yield DiffPart("delete", _joined(before[i:j]))
            yield DiffPart("insert", _joined(after[k:m]))


def _tail(words: Sequence[str]) -> str:
    return _joined(words) if len(words) <= NEAR else CUT + _joined(words[-NEAR:])


def _head(words: Sequence[str]) -> str:
    return _joined(words) if len(words) <= NEAR else _joined(words[:NEAR]) + " " + CUT.strip()


def _middle(words: Sequence[str]) -> str:
    return _joined(words) if len(words) <= 2 * NEAR else f"{_joined(words[:NEAR])} {CUT}{_joined(words[-NEAR:])}"


def _joined(words: Sequence[str]) -> str:
    return " ".join(words)
