"""Makes a failing question as small as it still fails."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from search.questions import Question

_MOST_TRIES = 300


def shrunk(asked: Question, fails: Callable[[Question], bool]) -> Question:
    """The smallest question found that still fails; at most some hundred are tried."""
    tries = 0
    going = True
    while going:
        going = False
        for smaller in _smaller(asked):
            tries += 1
            if tries > _MOST_TRIES:
                return asked
            if fails(smaller):
                asked, going = smaller, True
                break
    return asked


def _smaller(asked: Question) -> Iterator[Question]:
    """Questions that ask a little less, the boldest first."""
    for name in asked.given:
        yield asked.without(name)
    if asked.facets:
        yield replace(asked, facets=())
    if asked.pages > 1:
        yield replace(asked, pages=1)
    for name, value in asked.given.items():
        if isinstance(value, list) and len(value) > 1:
            yield from (_with(asked, name, value[:place] + value[place + 1 :]) for place in range(len(value)))
        if isinstance(value, str):
            yield from (_with(asked, name, part) for part in _parts(value) if part.strip())


def _parts(text: str) -> Iterator[str]:
    words = text.split(" ")
    if len(words) > 1:
        yield " ".join(words[: len(words) // 2])
        yield " ".join(words[len(words) // 2 :])
        yield from (" ".join(words[:place] + words[place + 1 :]) for place in range(len(words)))
    elif len(text) > 1:
        yield from (text[:place] + text[place + 1 :] for place in range(len(text)))


def _with(asked: Question, name: str, value: object) -> Question:
    return replace(asked, given={**asked.given, name: value})
