"""What routes of the web process share, over the twin's pool and index: the routes themselves are the product's."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from api_gateway.search.index.folder import IndexNotReady, Position
from api_gateway.search.results import Hit, Page
from api_gateway.settings import WebSettings
from api_gateway.web.background.data_version import DataVersion
from api_gateway.web.background.status_monitor import StatusSnapshot
from api_gateway.web.pipeline.limits.admission import Admission
from api_gateway.web.pipeline.limits.client_slots import ClientSlots
from api_gateway.web.pipeline.request_context import CONTEXT, RequestContext
from api_gateway.web.pipeline.route_policy import NO_ROUTE
from api_gateway.web.responses.filtered_changes import FilteredChanges
from legis.languages import Text
from legis.service.health import Health
from starlette.requests import Request

from twin.index_double.virtual_index import TwinFolder
from twin.store_double.store_index import EPOCH
from twin.store_double.store_tables import Row

ADDRESS = "https://legis.example"


@dataclass(frozen=True, slots=True)
class TwinState:
    """A snapshot of the index: later commits are not seen."""

    position: Position
    rows: Mapping[str, Row]


class TwinLive:
    """`LiveIndex` over the folder. It finds bills by their ids, and nothing else."""

    def __init__(self, folder: TwinFolder) -> None:
        self._folder = folder
        self.state = None

    def require(self, epoch: str | None) -> TwinState:
        """What is committed now. Raises IndexNotReady."""
        build = self._folder.current
        if build is None or build.position is None or build.position.epoch != epoch:
            raise IndexNotReady(Text("There is none", "Não há"))
        return TwinState(build.position, dict(build.rows))

    async def ask(self, question: Callable[..., Page], state: TwinState) -> Page:
        """Answers `ordered_page` for bills by their ids."""
        asked: Any = question
        ((name, choice),) = asked.keywords["bill_filter"].choices
        assert name == "ids"
        hits = [Hit(state.rows[one]["summary"], None) for one in choice.any_of if one in state.rows]
        return Page(hits, None, False)


def shared_by_routes(database: Any, folder: TwinFolder, draining: Any) -> Any:
    """The container of the web process, with what the change log's routes use of it."""
    return SimpleNamespace(
        settings=WebSettings(public_base_url=ADDRESS),
        database=database,
        filtered_changes=FilteredChanges(database),
        index=TwinLive(folder),
        status_monitor=SimpleNamespace(snapshot=StatusSnapshot(epoch=EPOCH)),
        data_version=DataVersion(SimpleNamespace()),  # type: ignore[arg-type]
        health=Health(),
        stop=draining,
        admission=Admission(10_000, 10_000, longest_wait=1.0),
        streams=ClientSlots(100, 100),
        types_met=frozenset,
    )


def request(path: str, headers: Mapping[str, str]) -> Request:
    """A request as the web process's layers hand it to a route."""
    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": raw}
    return Request({**scope, CONTEXT: RequestContext(dict(raw), NO_ROUTE, "192.0.2.1", b"")})
