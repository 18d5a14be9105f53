"""Markdown as safe HTML, without HTML, pictures and styles of its own; and the texts that are shipped with the site."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

_REPOSITORY = Path(__file__).parents[6]
"""Where the files are while the package is installed for development; a wheel holds copies (`pyproject.toml`)."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a text, and the fragment that leads to it."""

    anchor: str
    text: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """A text as HTML, and its headings of the highest level that it has."""

    html: Markup
    headings: tuple[Heading, ...]


def rendered(text: str, *, links_from: str = "", level: int = 2) -> Rendered:
    """The text as HTML. Its highest heading gets this level, and the others follow; each heading has an anchor.
    `links_from` is put before relative links, which would lead nowhere from a page; without it they become plain text.

    HTML in the text is shown as text; addresses with a scheme that runs something (`javascript:`) are no links.
    """
    tokens = _parser().parse(text)
    opens = [token for token in tokens if token.type == "heading_open"]
    highest = min((int(token.tag[1]) for token in opens), default=level)
    headings: list[tuple[int, Heading]] = []
    for place, token in enumerate(tokens):
        if token.type not in ("heading_open", "heading_close"):
            continue
        depth = int(token.tag[1])
        token.tag = f"h{min(6, depth - highest + level)}"
        if token.type == "heading_open":
            heading = Heading(f"s{len(headings) + 1}", _plain(tokens[place + 1]))
            token.attrSet("id", heading.anchor)
            headings.append((depth, heading))
    _mend(tokens, links_from)
    html = _parser().renderer.render(tokens, _parser().options, {})
    highest_ones = tuple(heading for depth, heading in headings if depth == highest)
    return Rendered(Markup(html), highest_ones)


def shipped(path: str) -> Traversable:
    """A file or folder by its path in the repository. It may not exist."""
    copy = files("api_gateway.site") / "shipped" / path
    return copy if copy.is_dir() or copy.is_file() else _REPOSITORY / path


def _mend(tokens: list[Token], links_from: str) -> None:
    for token in tokens:
        if token.type == "fence":
            token.info = ""  # a class that names a language has nothing to say to this page
        for child in token.children or ():
            href = child.attrGet("href") if child.type == "link_open" else None
            if isinstance(href, str) and not href.startswith(("https://", "http://", "/", "#", "mailto:")):
                child.attrSet("href", links_from + href) if links_from else child.attrs.pop("href")


def _plain(inline: Token) -> str:
    return "".join(child.content for child in inline.children or ())


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).disable("image")
