"""`/internal/reader` on an ingest service's port: whether this process reads its source, and which one does."""

from collections.abc import Callable

from fastapi import FastAPI
from starlette.responses import JSONResponse, Response

from legis.ingest.lease.reader_lease import ReaderLease

PATH = "/internal/reader"


def add_reader_route(app: FastAPI, lease: Callable[[], ReaderLease]) -> None:
    """Adds GET, which shows the lease as this process knows it. `lease` returns that of the running service."""

    async def show() -> Response:
        known = lease()
        document = {"reads": known.held, "this_process": known.token, "reader": known.holder}
        return JSONResponse(document, headers={"Cache-Control": "no-store"})

    app.add_api_route(PATH, show, methods=["GET"], include_in_schema=False)
