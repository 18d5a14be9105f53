"""`/internal/dead-letters` on the worker's own port: list, show and replay. Not part of the public API."""

from dataclasses import asdict
from typing import Annotated, Any

import orjson
from fastapi import FastAPI, HTTPException, Path, Query, Request
from legis.streams.publisher import Publisher
from starlette.responses import Response

from api_gateway.store.dead_letters.dead_letter_admin import (
    MAX_LISTED,
    DeadLetterQuery,
    list_dead_letters,
    load_dead_letter,
)
from api_gateway.worker.dead_letter_replay import Replay, replay

LetterId = Annotated[int, Path(ge=1, le=2**62)]
Word = Annotated[str | None, Query(max_length=40)]
_STATUS = {Replay.PUBLISHED: 202, Replay.ASKED: 202, Replay.RESOLVED: 200, Replay.IMPOSSIBLE: 409, Replay.UNKNOWN: 404}


def add_dead_letter_routes(app: FastAPI) -> None:
    """Adds the three routes. The app's lifespan must set `pool` and `publisher` in `app.state`."""
    prefix = "/internal/dead-letters"
    app.add_api_route(prefix, _list, methods=["GET"], include_in_schema=False)
    app.add_api_route(f"{prefix}/{{letter_id}}", _show, methods=["GET"], include_in_schema=False)
    app.add_api_route(f"{prefix}/{{letter_id}}/replay", _replay, methods=["POST"], include_in_schema=False)


async def _list(
    request: Request,
    source: Word = None,
    stage: Word = None,
    limit: Annotated[int, Query(ge=1, le=MAX_LISTED)] = 100,
    all: bool = False,
) -> Response:
    letters = await list_dead_letters(request.app.state.pool, DeadLetterQuery(source, stage, limit, all))
    return _json({"data": [asdict(letter) for letter in letters]})


async def _show(request: Request, letter_id: LetterId) -> Response:
    found = await load_dead_letter(request.app.state.pool, letter_id)
    if found is None:
        raise HTTPException(404, f"there is no dead letter {letter_id}")
    letter, payload = found
    return _json({"data": {**asdict(letter), "payload": payload.decode("utf-8", "backslashreplace")}})


async def _replay(request: Request, letter_id: LetterId) -> Response:
    publisher: Publisher = request.app.state.publisher
    done = await replay(request.app.state.pool, publisher, letter_id)
    return _json({"data": asdict(done)}, _STATUS[done.outcome])


def _json(document: dict[str, Any], status: int = 200) -> Response:
    headers = {"Cache-Control": "no-store"}
    return Response(orjson.dumps(document), status, headers=headers, media_type="application/json")
