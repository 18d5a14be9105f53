"""Syntax tree of a search query."""

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Word:
    """One token; `written` is the word in the query.

    `spellings` limit it to these forms of the word, as `search.language.analysis.surface` spells them: `publicidade`
    has the same token as `público`. Without any, every word with the token matches. `meant` is a word that nobody
    wrote: a synonym.
    """

    token: str
    written: str
    spellings: tuple[str, ...] = ()
    meant: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Tokens that follow one another. `meant` is a phrase that nobody wrote: a synonym."""

    tokens: tuple[str, ...]
    meant: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Prefix:
    """The beginning of a word, spelled by `search.language.analysis.surface`."""

    beginning: str


@dataclass(frozen=True, slots=True)
class AllOf:
    """Matches if all of these do."""

    nodes: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class OneOf:
    """Matches if at least one of these does."""

    nodes: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Matches if this does not."""

    node: "Node"


Node = Word | Phrase | Prefix | AllOf | OneOf | Not


def leaves(node: Node | None, *, unwanted: bool = True) -> Iterator[Word | Phrase | Prefix]:
    """The words, phrases and prefixes of a tree, in order; with `unwanted`, also those below a `Not`."""
    if isinstance(node, AllOf | OneOf):
        for one in node.nodes:
            yield from leaves(one, unwanted=unwanted)
    elif isinstance(node, Not):
        if unwanted:
            yield from leaves(node.node)
    elif node is not None:
        yield node
