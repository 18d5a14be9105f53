"""Guides for developers: a Markdown file for each and each language, whose requests are run by a test."""

import re
from functools import cache
from importlib.resources import files
from urllib.parse import quote

from legis.languages import Language

from api_gateway.site.texts.markdown_text import Rendered, rendered
from api_gateway.site.visit import Visit

NAMES = ("search", "watch", "export", "votes", "resolve", "freshness", "clients")
_SHORT = {Language.PORTUGUESE: "pt", Language.ENGLISH: "en"}
_REQUEST = re.compile(r"^```get\n(/\S.*)\n```$", re.MULTILINE)
"""A request of the API in a guide: its path and query as a person writes them."""


def guide(visit: Visit, name: str) -> Rendered:
    """A guide in the visit's language. Each request stands as a command, with a link that opens it."""
    text = source_of(name, visit.language).replace("{api}", visit.origins.public_api)
    return rendered(_REQUEST.sub(lambda found: _shown(visit, found[1]), text))


def requests_of(name: str, language: Language) -> list[str]:
    """The requests of a guide, as addresses."""
    return [address_of(path) for path in _REQUEST.findall(source_of(name, language))]


def address_of(path: str) -> str:
    """A path as people write it, with what an address may not have in it replaced."""
    return quote(path, safe="/?&=:,%")


@cache
def source_of(name: str, language: Language) -> str:
    """The Markdown of a guide."""
    return (files("api_gateway.site") / "guides" / f"{name}.{_SHORT[language]}.md").read_text("utf-8")


def _shown(visit: Visit, path: str) -> str:
    address = address_of(path)
    command = f"curl '{visit.origins.public_api}{address}'"
    return f"```\n{command}\n```\n\n[{visit.words.t('developers.open')}]({visit.origins.api}{address})"
