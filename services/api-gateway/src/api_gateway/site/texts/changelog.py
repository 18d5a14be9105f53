"""The changelog in parts that are one page each: by release and by kind of change."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from api_gateway.site.texts.markdown_text import Rendered, rendered, shipped

MOST_TEXT = 22_000
"""Characters of Markdown on one page, about 10 kB compressed. A longer part goes on on further pages."""

_RELEASE = re.compile(r"^## +(.+)$", re.MULTILINE)
_KIND = re.compile(r"^### +(.+)$", re.MULTILINE)
_ENTRY = re.compile(r"^(?=[-*] )", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Part:
    """Changes of one kind in one release. `name` stands in the address; `release` and `kind` are as in the file.
    Each of `pages` has some of its entries, as Markdown.
    """

    name: str
    release: str
    kind: str
    pages: tuple[tuple[str, ...], ...]

    @property
    def entries(self) -> int:
        """How many changes it tells of."""
        return sum(len(page) for page in self.pages)


def parts_of(text: str) -> tuple[Part, ...]:
    """The parts of a changelog in their order; headings of a kind that a release has twice are one part."""
    found = []
    for release, changes in _sections(_RELEASE, text):
        kinds: dict[str, list[str]] = {}
        for kind, entries in _sections(_KIND, changes, before=True):
            kinds.setdefault(kind, []).extend(_ENTRY.split(entries))
        for kind, pieces in kinds.items():
            name = re.sub(r"[^a-z0-9.]+", "-", f"{release.split()[0]} {kind}".lower()).strip("-")
            written = [piece.rstrip() for piece in pieces if piece.strip()]
            found.append(Part(name, release, kind, tuple(_pages(written))))
    return tuple(found)


@cache
def shipped_parts() -> Mapping[str, Part]:
    """The parts of Legis's own changelog by their names; none where it is not shipped."""
    file = shipped("CHANGELOG.md")
    return {one.name: one for one in parts_of(file.read_text("utf-8"))} if file.is_file() else {}


@cache
def page_of(name: str, number: int, links_from: str) -> Rendered:
    """A page of a part, counted from 1. Raises KeyError or IndexError where there is none."""
    return rendered("\n".join(shipped_parts()[name].pages[number - 1]), links_from=links_from, level=3)


def _sections(heading: re.Pattern[str], text: str, *, before: bool = False) -> Iterable[tuple[str, str]]:
    """Each heading with what follows it; with `before` also what stands before the first, under an empty heading."""
    pieces = heading.split(text)
    if before and pieces[0].strip():
        yield "", pieces[0]
    yield from zip(pieces[1::2], pieces[2::2], strict=True)


def _pages(entries: Iterable[str]) -> Iterable[tuple[str, ...]]:
    page: list[str] = []
    for entry in entries:
        if page and sum(map(len, page)) + len(entry) > MOST_TEXT:
            yield tuple(page)
            page = []
        page.append(entry)
    yield tuple(page)
