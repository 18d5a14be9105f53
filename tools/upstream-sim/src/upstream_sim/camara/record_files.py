"""Serves the yearly files of votings and events, row by row."""

import asyncio
import csv
from collections.abc import AsyncIterator, Iterator
from io import StringIO
from itertools import chain, islice
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from upstream_sim.camara import events, voting_files
from upstream_sim.camara.files import BOM, PREFIX
from upstream_sim.world import World

_ROWS_A_CHUNK: Final = 500


class RecordFileRoutes:
    """Routes of `/arquivos/{set}/csv/{set}-{year}.csv`; 404 for a year without any row."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        names = (*voting_files.SETS, *events.SETS)
        return [Route(f"{PREFIX}/{name}/csv/{name}-{{year:int}}.csv", self.file, methods=["GET"]) for name in names]

    async def file(self, request: Request) -> Response:
        name, year = request.url.path.rsplit("/", 3)[1], request.path_params["year"]
        rows: Iterator[list[str]]
        if name in events.SETS:
            columns, of_events = events.SETS[name]
            rows = of_events(self._world, year)
        else:
            columns, of_votings = voting_files.SETS[name]
            rows = of_votings(self._world.nation, year)
        first = next(rows, None)
        if first is None:
            return PlainTextResponse("404 Not Found", 404)
        return StreamingResponse(_lines(chain((list(columns), first), rows)), media_type="text/csv")


async def _lines(rows: Iterator[list[str]]) -> AsyncIterator[bytes]:
    yield BOM
    while chunk := list(islice(rows, _ROWS_A_CHUNK)):
        text = StringIO()
        csv.writer(text, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(chunk)
        yield text.getvalue().encode()
        await asyncio.sleep(0)
