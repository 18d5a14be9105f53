"""The links of header and footer, in tables: one is shown as soon as its page is there."""

from collections.abc import Collection
from dataclasses import dataclass

from api_gateway.site.visit import Visit


@dataclass(frozen=True, slots=True)
class Link:
    """A link: the path of a page or, with `api`, of the API; and the key of its words. `wide`: only on wide screens."""

    path: str
    words: str
    api: bool = False
    wide: bool = False


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
            Link("/api/v1/events.ics", "frame.foot_calendar", api=True),
            Link("/api/v1/feeds/bills.atom", "frame.foot_atom", api=True),
        ),
    ),
    (
        "frame.foot_data",
        (
            Link("/developers", "frame.foot_quickstart"),
            Link("/docs", "frame.foot_reference", api=True),
            Link("/api/v1/bills", "frame.foot_json", api=True),
            Link("/legislators", "people.title"),
            Link("/committees", "bodies.title"),
            Link("/stats", "frame.nav_stats"),
        ),
    ),
    (
        "frame.foot_about",
        (
            Link("/status", "frame.foot_status"),
            Link("/api/v1/sources", "frame.foot_sources", api=True),
            Link("/design", "frame.foot_design"),
        ),
    ),
)


def shown(links: Collection[Link], visit: Visit, pages: Collection[str]) -> tuple[ShownLink, ...]:
    """The links whose pages there are."""
    return tuple(
        ShownLink(
            visit.api(link.path) if link.api else visit.url(link.path),
            visit.words.t(link.words),
            not link.api and (visit.path == link.path or visit.path.startswith(f"{link.path}/")),
            link.wide,
        )
        for link in links
        if link.api or link.path in pages
    )
