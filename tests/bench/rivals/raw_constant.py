"""The most that uvicorn can do with one constant reply: no routing, no header work, the bytes of a file as body.

Environment: PORT, STATUS (200, or 304 for a reply without a body), BODY_FILE.
"""

import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import uvicorn

STATUS = int(os.environ.get("STATUS", "200"))
BODY = Path(os.environ["BODY_FILE"]).read_bytes() if STATUS == 200 else b""
HEADERS = [(b"content-type", b"application/json"), (b"etag", b'"0123456789abcdef01234567"')]
if STATUS == 200:
    HEADERS.append((b"content-length", str(len(BODY)).encode()))


async def app(scope: Any, receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]) -> None:
    """Answers everything alike."""
    await send({"type": "http.response.start", "status": STATUS, "headers": HEADERS})
    await send({"type": "http.response.body", "body": BODY})


if __name__ == "__main__":
    uvicorn.run(
        app, host="127.0.0.1", port=int(os.environ["PORT"]), access_log=False, log_level="warning", lifespan="off"
    )
