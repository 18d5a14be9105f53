"""From what a page shows to its HTML reply: template, frame, headers, ETag."""

import hashlib
from collections.abc import Collection, MutableMapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from legis.languages import Language
from starlette.responses import Response

from api_gateway.site.api_client import ApiReply
from api_gateway.site.asset_files import asset
from api_gateway.site.freshness import Badge, badge
from api_gateway.site.json_ld import as_data_block
from api_gateway.site.navigation import FOOTER, HEADER, ShownLink, contact_link, shown
from api_gateway.site.visit import Visit

FRESH_SECONDS = 15
"""How long a browser or a proxy may show a page without asking again; half of what the API allows for its replies."""


@dataclass(frozen=True, slots=True)
class Alternate:
    """The page's data in another form, for `<link rel="alternate">`."""

    media_type: str
    address: str
    title: str


def list_alternates(json: str, csv: str) -> tuple[Alternate, ...]:
    """The two forms that every list of the API has, by their addresses."""
    return (Alternate("application/json", json, "JSON"), Alternate("text/csv", csv, "CSV"))


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page shows: its template, the view that the template reads as `view`, and the replies that it was made of.

    `canonical` is the path of the page where it is not the path of the visit; `structured` is JSON-LD; `retry_after` is
    in seconds.
    """

    template: str
    view: Any
    title: str
    replies: tuple[ApiReply | None, ...] = ()
    description: str = ""
    canonical: str | None = None
    alternates: tuple[Alternate, ...] = ()
    structured: dict[str, Any] | None = None
    social_title: str = ""
    status: int = 200
    indexed: bool = True
    retry_after: int | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A page's data in another form, as a reply of its own: JSON, Atom, CSV."""

    content: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Frame:
    """What the base template needs beside the page's own view. `contact` is the link to whoever runs the site."""

    visit: Visit
    shown: Shown
    header: tuple[ShownLink, ...]
    footer: tuple[tuple[str, tuple[ShownLink, ...]], ...]
    badge: Badge | None
    pages: Collection[str]
    offers_mail: bool = False
    contact: str = ""

    @property
    def other_language(self) -> Language:
        """The language that the language link leads to."""
        return Language.PORTUGUESE if self.visit.language is Language.ENGLISH else Language.ENGLISH

    @property
    def canonical_path(self) -> str:
        """The page's own path, without language and query."""
        return self.shown.canonical or self.visit.path


class _Templates(Environment):
    """Templates whose globals do not change: one dictionary, where Jinja's chain of two is walked at each import."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The globals of a template."""
        return {**self.globals, **(d or {})}


@cache
def environment() -> Environment:
    """The templates, read once. Everything is escaped unless it is Markup, and a name that is not there is an error."""
    made = _Templates(
        loader=PackageLoader("api_gateway.site"),
        auto_reload=False,  # else every part of a page is looked up in the file system for every visit
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(asset=asset, data_block=as_data_block, Language=Language)
    return made


def html_of(visit: Visit, one: Shown, pages: Collection[str], offers_mail: bool = False, contact: str = "") -> str:
    """The HTML of a page. `pages` are the paths that there are pages for, `offers_mail` whether the API takes
    subscriptions by e-mail from everybody, `contact` the e-mail or web address of whoever runs the site.
    """
    frame = Frame(
        visit,
        one,
        shown(HEADER, visit, pages),
        tuple((visit.words.t(heading), shown(links, visit, pages)) for heading, links in FOOTER),
        badge(visit, [reply.meta for reply in one.replies if reply is not None]),
        pages,
        offers_mail,
        contact_link(contact),
    )
    context = {"frame": frame, "visit": visit, "view": one.view, "w": visit.words, "f": visit.formats}
    return environment().get_template(one.template).render(**context)


def reply_of(html: str, visit: Visit, one: Shown, if_none_match: str = "") -> Response:
    """The page as a reply; 304 without a body where the visitor has it already. Errors are never kept."""
    body = html.encode()
    headers = {"Content-Language": visit.language.value}
    if one.status != 200:
        headers["Cache-Control"] = "no-store"
        if one.retry_after is not None:
            headers["Retry-After"] = str(one.retry_after)
        return Response(body, one.status, media_type="text/html", headers=headers)
    return _kept(body, "text/html", headers, if_none_match)


def document_reply(one: Document, visit: Visit, if_none_match: str = "") -> Response:
    """A document as a reply; 304 likewise."""
    return _kept(one.content, one.media_type, {"Content-Language": visit.language.value}, if_none_match)


def _kept(body: bytes, media_type: str, headers: dict[str, str], if_none_match: str) -> Response:
    tag = f'W/"{hashlib.sha256(body).hexdigest()[:24]}"'
    headers |= {"ETag": tag, "Cache-Control": f"public, max-age={FRESH_SECONDS}"}
    if tag in [part.strip() for part in if_none_match.split(",")]:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=media_type, headers=headers)
