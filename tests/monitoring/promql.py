"""What a PromQL expression names: metrics with their matchers, and the labels it groups or joins by."""

import re
from dataclasses import dataclass, field

_TOKEN = re.compile(
    r"""(?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?P<range>\[[^\]]*\])|(?P<number>\d[\w.]*)"""
    r"""|(?P<name>[A-Za-z_:][\w:]*)|(?P<sign>=~|!~|!=|==|>=|<=|\S)"""
)
_LISTS = {"by", "without", "on", "ignoring", "group_left", "group_right"}
_WORDS = {"and", "or", "unless", "bool", "offset", "inf", "nan"}


SOURCES_JOBS = {"ingest-.+": ("ingest-camara", "ingest-senado")}
"""The pattern by which rules ask for the services of all sources, and the jobs that it finds."""


@dataclass(frozen=True, slots=True)
class Selector:
    """A metric with its matchers: label, operator, value."""

    metric: str
    matchers: tuple[tuple[str, str, str], ...] = ()

    def values(self, label: str) -> list[str]:
        """The values a label is asked for, alternatives of a regular expression apart; empty where any will do."""
        for name, operator, value in self.matchers:
            if name == label and operator in ("=", "=~"):
                return [one for part in value.split("|") for one in SOURCES_JOBS.get(part, (part,))]
        return []


@dataclass(slots=True)
class Named:
    """All that an expression names."""

    selectors: list[Selector] = field(default_factory=list)
    labels: set[str] = field(default_factory=set)


def named(expression: str) -> Named:
    """Reads an expression that promtool accepts; raises IndexError on one that is cut off."""
    tokens = [(match.lastgroup, match.group()) for match in _TOKEN.finditer(expression)]
    found, at = Named(), 0
    while at < len(tokens):
        kind, word = tokens[at]
        following = tokens[at + 1][1] if at + 1 < len(tokens) else ""
        at += 1
        if kind != "name" or word.lower() in _WORDS:
            continue
        if word in _LISTS:
            end = _closing(tokens, at, ")")
            found.labels |= {text for what, text in tokens[at:end] if what == "name"}
            at = end
        elif following == "{":
            end = _closing(tokens, at, "}")
            found.selectors.append(Selector(word, _matchers(tokens[at + 1 : end])))
            at = end
        elif following != "(" and following not in _LISTS:
            found.selectors.append(Selector(word))
    return found


def _closing(tokens: list[tuple[str | None, str]], at: int, sign: str) -> int:
    while tokens[at][1] != sign:
        at += 1
    return at


def _matchers(tokens: list[tuple[str | None, str]]) -> tuple[tuple[str, str, str], ...]:
    words = [text for _, text in tokens if text != ","]
    triples = zip(words[::3], words[1::3], words[2::3], strict=True)
    return tuple((label, operator, value[1:-1]) for label, operator, value in triples)
