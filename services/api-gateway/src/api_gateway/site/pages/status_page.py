"""`/status`, `/status.json` and `/status.atom`: how current everything is, how it was, and what went wrong."""

from legis.domain.vocabulary import Source

from api_gateway.site.api_client import Api, ApiReply, if_there, together
from api_gateway.site.page_routes import PageRoute
from api_gateway.site.rendering import Alternate, Document, Shown
from api_gateway.site.status.feed import status_feed
from api_gateway.site.status.status_document import status_document
from api_gateway.site.status.status_view import status_view
from api_gateway.site.texts.incidents import incidents
from api_gateway.site.visit import Visit

FEED_CHANGES = 20
"""State changes of each source in the feed."""


async def show_status(visit: Visit, api: Api) -> Shown:
    """The page. It is served while the API is away too, and says so."""
    sources, days, metrics = await _asked(api)
    view = status_view(visit, sources, days, metrics, api.watch.away_since, incidents())
    return Shown(
        "status.html",
        view,
        view.headline.text,
        (sources,),
        visit.words.t("status.description"),
        alternates=(
            Alternate("application/json", visit.full("/status.json"), "JSON"),
            Alternate("application/atom+xml", visit.full("/status.atom"), "Atom"),
        ),
    )


async def show_status_document(visit: Visit, api: Api) -> Document:
    """The same as JSON."""
    sources, days, metrics = await _asked(api)
    view = status_view(visit, sources, days, metrics, api.watch.away_since, incidents())
    return Document(status_document(visit, view, sources, metrics, api.watch.away_since), "application/json")


async def show_status_feed(visit: Visit, api: Api) -> Document:
    """Incidents and changes of the sources' states as an Atom feed."""
    asked = [if_there(api.get(f"/api/v1/sources/{one}/history", [("limit", str(FEED_CHANGES))])) for one in Source]
    histories = dict(zip(Source, await together(*asked), strict=True))
    told = {source.value: reply.data for source, reply in histories.items() if reply is not None}
    return Document(status_feed(visit, incidents(), told), "application/atom+xml")


async def _asked(api: Api) -> list[ApiReply | None]:
    return await together(
        if_there(api.get("/api/v1/sources")),
        if_there(api.get("/api/v1/sources/days")),
        if_there(api.get("/api/metrics")),
    )


ROUTES = (
    PageRoute("/status", show_status),
    PageRoute("/status.json", show_status_document),
    PageRoute("/status.atom", show_status_feed),
)
