"""What a query asks for, as a tree."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Word:
    """One token; `written` is what stood in the query."""

    token: str
    written: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Tokens that follow one another."""

    tokens: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prefix:
    """The beginning of a word, as `search.language.analysis.surface` writes words."""

    beginning: str


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every one of these."""

    nodes: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class OneOf:
    """At least one of these."""

    nodes: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Bills without this."""

    node: "Node"


Node = Word | Phrase | Prefix | AllOf | OneOf | Not


def leaves(node: Node | None, *, unwanted: bool = True) -> Iterator[Word | Phrase | Prefix]:
    """The words, phrases and beginnings of a tree, in order; with `unwanted`, those below a `Not` too."""
    if isinstance(node, AllOf | OneOf):
        for one in node.nodes:
            yield from leaves(one, unwanted=unwanted)
    elif isinstance(node, Not):
        if unwanted:
            yield from leaves(node.node)
    elif node is not None:
        yield node
