"""What a query's text promises: which bills match it, and which of them come first by relevance."""

from collections import Counter
from dataclasses import dataclass

from api_gateway.search.filtering.bill_filter import BillFilter
from api_gateway.search.index_documents import exact_key
from api_gateway.search.language.labels import LabelQuery
from api_gateway.search.language.text_query import AllOf, Node, Not, OneOf, Phrase, Prefix, SearchText, Word

from search.model import Model

FEW = 20
"""Matches that are fewer are followed by bills with most of the words, and then with any of them."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """Bills by tier: of the very label, of labels that it may also mean, of that title, with all words, with most, with
    any of them. Tiers that were not looked for are missing; a bill may be in several.
    """

    tiers: tuple[set[int], ...]
    named: int
    """How many of the tiers are of names: labels and titles."""
    matched: str

    @property
    def all(self) -> set[int]:
        """The bills of all tiers."""
        return set().union(*self.tiers)


def matching(model: Model, asked: BillFilter) -> set[int]:
    """The bills that match a filter, in no order."""
    found = model.kept(asked)
    if asked.text is None:
        return found
    named = set() if asked.text.label is None else with_label(model, asked.text.label, also=True)
    return found & (of_text(model, asked.text) | named)


def ranking(model: Model, asked: BillFilter, text: SearchText) -> Ranking:
    """The tiers of a filter whose text was taken for `text`."""
    kept, label = model.kept(asked), text.label
    key = None if is_unwanted_there(text.tree) else exact_key(text.written)
    labels = [] if label is None else [with_label(model, label, also=also) for also in (False, True)]
    tiers = [kept & tier for tier in (*labels, set() if key is None else model.one("exact", key))]
    named, is_named = len(tiers), label is not None and any(tiers)
    tiers.append(kept & of_text(model, text))
    matched = "all"
    if isinstance(text.tree, AllOf) and not is_named:
        for how, loosened in (("most", with_most), ("any", with_any)):
            shown = set().union(*tiers)
            if len(shown) >= FEW:
                break
            tiers.append(kept & loosened(model, text.tree))
            if tiers[-1] - shown:
                matched = how
    return Ranking(tuple(tiers), named, matched)


def is_unwanted_there(node: Node | None) -> bool:
    """Whether a tree excludes anything."""
    return isinstance(node, Not) or (isinstance(node, AllOf | OneOf) and any(map(is_unwanted_there, node.nodes)))


def of_text(model: Model, text: SearchText) -> set[int]:
    """The bills with the words of a text."""
    return set() if text.tree is None else of_node(model, text.tree)


def of_node(model: Model, node: Node) -> set[int]:
    """The bills that a node means; those that their source no longer has match none."""
    if isinstance(node, Word):
        found = model.one("word", node.token)
        spelled = [model.one("surface", spelling) for spelling in node.spellings]
        return found & set().union(*spelled) if spelled else found
    if isinstance(node, Phrase):
        return model.with_phrase(node.tokens)
    if isinstance(node, Prefix):
        return set().union(*(model.one("surface", word) for word in model.beginnings(node.beginning)))
    if isinstance(node, Not):
        return set(model.live - of_node(model, node.node))
    parts = [of_node(model, one) for one in node.nodes]
    return set.union(*parts) if isinstance(node, OneOf) else set.intersection(*parts)


def with_label(model: Model, label: LabelQuery, *, also: bool) -> set[int]:
    """The bills that their source has and that a label names."""
    if label.number is not None and label.year is not None:
        return model.one("number", label.number) & model.one("year", label.year)
    keys = (*label.keys, *label.also) if also else label.keys
    return set().union(*(model.one("label", key) for key in keys))


def with_most(model: Model, tree: AllOf) -> set[int]:
    """The bills with all words but one, and none that is unwanted."""
    wanted = [of_node(model, one) for one in tree.nodes if not isinstance(one, Not)]
    counts = Counter(number for found in wanted for number in found)
    least = max(1, len(wanted) - 1)
    found = {number for number, count in counts.items() if count >= least}
    return found.difference(*(of_node(model, one.node) for one in tree.nodes if isinstance(one, Not)))


def with_any(model: Model, tree: AllOf) -> set[int]:
    """The bills with any of the words; none where some are unwanted."""
    if any(isinstance(one, Not) for one in tree.nodes):
        return set()
    return set().union(*(of_node(model, one) for one in tree.nodes))
