"""`/developers/changelog`: what changed in Legis, one kind of change in one release at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from api_gateway.site.api_client import Api
from api_gateway.site.error_pages import NoPage
from api_gateway.site.navigation import REPOSITORY
from api_gateway.site.page_routes import PageRoute
from api_gateway.site.records.list_query import PagerView
from api_gateway.site.rendering import Shown
from api_gateway.site.texts.changelog import Part, page_of, shipped_parts
from api_gateway.site.texts.markdown_text import Rendered
from api_gateway.site.visit import Visit

PATH = "/developers/changelog"


@dataclass(frozen=True, slots=True)
class PartLink:
    """A part, as a link. `entries` is how many changes it tells of."""

    address: str
    text: str
    entries: int
    current: bool


@dataclass(frozen=True, slots=True)
class ChangelogView:
    """One page of one part. `releases` are all parts by release; `text` is None where no changelog is shipped."""

    title: str
    lead: str
    releases: tuple[tuple[str, tuple[PartLink, ...]], ...]
    release: str
    kind: str
    text: Rendered | None
    pager: PagerView


async def show_changelog(visit: Visit, api: Api) -> Shown:
    """A part of the changelog as it is written, in English; without a name the newest."""
    t, parts = visit.words.t, shipped_parts()
    title, lead = t("developers.changelog"), t("developers.changelog_lead")
    part = parts.get(visit.params.get("part", next(iter(parts), "")))
    page = visit.one("page", "1")
    wanted = int(page) if page.isascii() and page.isdecimal() and len(page) < 4 else 0
    if (part is None and "part" in visit.params) or not 1 <= wanted <= (len(part.pages) if part else 1):
        raise NoPage()
    view = ChangelogView(
        title,
        lead,
        _releases(visit, tuple(parts.values()), part),
        part.release if part else "",
        _kind(visit, part.kind) if part else "",
        page_of(part.name, wanted, f"{REPOSITORY}/blob/main/") if part else None,
        _pager(visit, part, wanted) if part else PagerView(0, None, None),
    )
    return Shown("changelog.html", view, title, (), lead)


def _releases(
    visit: Visit, parts: Sequence[Part], current: Part | None
) -> tuple[tuple[str, tuple[PartLink, ...]], ...]:
    return tuple(
        (
            release,
            tuple(PartLink(_address(visit, one), _kind(visit, one.kind), one.entries, one is current) for one in of),
        )
        for release, of in groupby(parts, lambda one: one.release)
    )


def _kind(visit: Visit, kind: str) -> str:
    """The kind in the visit's language; one that the words do not know as it is written."""
    name = f"changelog_{kind.lower() or 'all'}"
    return visit.words.t(f"developers.{name}") if visit.words.has("developers", name) else kind


def _pager(visit: Visit, part: Part, number: int) -> PagerView:
    following = _address(visit, part, number + 1) if number < len(part.pages) else None
    return PagerView(len(part.pages[number - 1]), following, _address(visit, part) if number > 1 else None)


def _address(visit: Visit, part: Part, number: int = 1) -> str:
    return visit.url(f"{PATH}/{part.name}", () if number == 1 else (("page", str(number)),))


ROUTES = (PageRoute(PATH, show_changelog), PageRoute(f"{PATH}/{{part}}", show_changelog))
