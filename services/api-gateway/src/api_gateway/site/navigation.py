"""The links of header and footer, in tables: one is shown as soon as its page is there."""

from collections.abc import Collection
from dataclasses import dataclass

from api_gateway.site.visit import Visit

REPOSITORY = "https://github.com/legis-br/legis"


@dataclass(frozen=True, slots=True)
class Link:
    """A link: the path of a page or, with `api`, of the API; and the key of its words. `wide`: only on wide screens.
    `page` is the pattern of the page where the path is one of several that it serves; `path` may also be an address in
    full, of the repository.
    """

    path: str
    words: str
    api: bool = False
    wide: bool = False
    page: str = ""

    @property
    def outside(self) -> bool:
        """Whether it leads to another site."""
        return self.path.startswith("https://")


@dataclass(frozen=True, slots=True)
class ShownLink:
    """A link as a page shows it."""

    address: str
    text: str
    current: bool = False
    wide: bool = False


HEADER = (
    Link("/", "frame.nav_search"),
    Link("/agenda", "frame.nav_agenda"),
    Link("/votes", "frame.nav_votes"),
    Link("/changes", "frame.nav_changes"),
    Link("/legislators", "people.title", wide=True),
    Link("/stats", "frame.nav_stats", wide=True),
    Link("/developers", "frame.nav_developers"),
    Link("/docs", "frame.nav_api", api=True),
)

FOOTER: tuple[tuple[str, tuple[Link, ...]], ...] = (
    (
        "frame.foot_follow",
        (
            Link("/changes", "frame.nav_changes"),
            Link("/api/v1/events.ics", "frame.foot_calendar", api=True),
            Link("/api/v1/feeds/bills.atom", "frame.foot_atom", api=True),
            Link("/developers/watch", "frame.foot_watch", page="/developers/{name}"),
        ),
    ),
    (
        "frame.foot_data",
        (
            Link("/developers", "frame.foot_quickstart"),
            Link("/docs", "frame.foot_reference", api=True),
            Link("/api/v1/bills", "frame.foot_json", api=True),
            Link("/api/v1/exports", "frame.foot_exports", api=True),
            Link("/legislators", "people.title"),
            Link("/committees", "bodies.title"),
            Link("/stats", "frame.nav_stats"),
        ),
    ),
    (
        "frame.foot_about",
        (
            Link("/status", "frame.foot_status"),
            Link("/developers/freshness", "frame.foot_reading", page="/developers/{name}"),
            Link("/api/v1/sources", "frame.foot_sources", api=True),
            Link(f"{REPOSITORY}/blob/main/docs/glossary.md", "frame.foot_glossary"),
            Link(REPOSITORY, "frame.foot_code"),
            Link("/design", "frame.foot_design"),
        ),
    ),
)


def contact_link(contact: str) -> str:
    """The link to whoever runs the site, who is named by an e-mail or a web address; empty where none is named."""
    return f"mailto:{contact}" if contact and "://" not in contact else contact


def shown(links: Collection[Link], visit: Visit, pages: Collection[str]) -> tuple[ShownLink, ...]:
    """The links whose pages there are."""
    return tuple(
        ShownLink(
            link.path if link.outside else visit.api(link.path) if link.api else visit.url(link.path),
            visit.words.t(link.words),
            not link.api and (visit.path == link.path or visit.path.startswith(f"{link.path}/")),
            link.wide,
        )
        for link in links
        if link.api or link.outside or (link.page or link.path) in pages
    )
