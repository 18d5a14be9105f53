"""What a page knows of the request that it answers: language, path, query, and how to write addresses."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode

from legis.languages import Language

from api_gateway.site.formats import Formats
from api_gateway.site.wording import Words, words_of

ENGLISH_PREFIX = "/en"
Pairs = tuple[tuple[str, str], ...]

_AS_SLASHES = "/\\" + "".join(map(chr, range(0x21)))
"""What browsers read as a slash at the begin of an address, or leave out there."""


@dataclass(frozen=True, slots=True)
class Origins:
    """Scheme and host of the pages, and of the API as browsers reach it; the latter is empty where both are one."""

    site: str
    api: str = ""

    @property
    def public_api(self) -> str:
        """The API's address in full, for what leaves the page: a command, a calendar, a reader of feeds."""
        return self.api or self.site


@dataclass(frozen=True, slots=True)
class Visit:
    """One request. `path` is without the prefix of the language, `query` as the visitor gave it, `params` the parts of
    the path that the route names.
    """

    language: Language
    path: str
    now: datetime
    origins: Origins
    query: Pairs = ()
    params: Mapping[str, str] = field(default_factory=dict)

    @property
    def words(self) -> Words:
        """The words of the visit's language."""
        return words_of(self.language)

    @property
    def formats(self) -> Formats:
        """How the visit's language writes dates and numbers."""
        return Formats(self.language)

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of a query parameter that is not empty."""
        return tuple(value for given, value in self.query if given == name and value)

    def one(self, name: str, default: str = "") -> str:
        """The last value of a query parameter."""
        return (self.all(name) or (default,))[-1]

    def url(self, path: str, query: Iterable[tuple[str, str]] = ()) -> str:
        """The address of another page in the same language."""
        return _address(self.language, path, query)

    def translated(self, language: Language) -> str:
        """The address of this page in a language, with its query."""
        return _address(language, self.path, self.query)

    def full(self, path: str, query: Iterable[tuple[str, str]] = ()) -> str:
        """The same as `url`, with scheme and host."""
        return self.origins.site + self.url(path, query)

    def api(self, path: str, query: Iterable[tuple[str, str]] = ()) -> str:
        """The address of the public API for a link; relative where pages and API are one origin."""
        return self.origins.api + _with_query(path, query)

    def full_api(self, path: str, query: Iterable[tuple[str, str]] = ()) -> str:
        """The same, always with scheme and host."""
        return self.origins.public_api + _with_query(path, query)


def outside(address: str | None) -> str | None:
    """An address that a source gave, for a link; None where it is none of the web, such as `javascript:`."""
    return address if address and address.lower().startswith(("https://", "http://")) else None


def split_language(path: str) -> tuple[Language, str]:
    """The language of an address, and its path without the prefix. The path begins with one slash: a link to what
    follows a second one would lead to another host.
    """
    english = path == ENGLISH_PREFIX or path.startswith(f"{ENGLISH_PREFIX}/")
    rest = path[len(ENGLISH_PREFIX) :] if english else path
    return Language.ENGLISH if english else Language.PORTUGUESE, "/" + rest.lstrip(_AS_SLASHES)


def _address(language: Language, path: str, query: Iterable[tuple[str, str]]) -> str:
    if language is Language.ENGLISH:
        path = ENGLISH_PREFIX if path == "/" else ENGLISH_PREFIX + path
    return _with_query(path, query)


def _with_query(path: str, query: Iterable[tuple[str, str]]) -> str:
    pairs = list(query)
    return f"{path}?{urlencode(pairs)}" if pairs else path
