"""Raw ASGI and the same Tantivy index, its stored summaries joined and sent: what the list would be without our layers.

One query a reply; no filter to read, nothing kept, nothing told but the bills. Environment: PORT, INDEX_BUILD (the
folder of one build), QUESTIONS: a JSON list of [type, year]; `/17` asks the seventeenth. ROWS: bills of a reply.
THREADS: those that search, as a server must that also answers dear questions; 0 for searching on the event loop.
"""

import asyncio
import json
import os
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import uvicorn
from tantivy import Index, Occur, Order, Query

QUESTIONS = json.loads(Path(os.environ["QUESTIONS"]).read_text())
ROWS = int(os.environ["ROWS"])
THREADS = int(os.environ["THREADS"])
HEAD = (b"content-type", b"application/json")
index = Index.open(os.environ["INDEX_BUILD"])
searcher = index.searcher()
pool = ThreadPoolExecutor(THREADS or 1)


def answer(code: str, year: int) -> bytes:
    """The bills of a type and a year, those first that something happened to last."""
    terms = (("kind", "bill"), ("type", code), ("year", year))
    wanted = Query.boolean_query([(Occur.Must, Query.term_query(index.schema, name, value)) for name, value in terms])
    hits = searcher.search(wanted, limit=ROWS, count=False, order_by_field="acted", order=Order.Desc).hits
    return b"[" + b",".join([searcher.doc(address)["summary"][0] for _, address in hits]) + b"]"


async def app(scope: Any, receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]) -> None:
    """Asks the question that the path names."""
    code, year = QUESTIONS[int(scope["path"][1:])]
    if THREADS:
        body = await asyncio.get_running_loop().run_in_executor(pool, answer, code, year)
    else:
        body = answer(code, year)
    headers = [HEAD, (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


if __name__ == "__main__":
    uvicorn.run(
        app, host="127.0.0.1", port=int(os.environ["PORT"]), access_log=False, log_level="warning", lifespan="off"
    )
