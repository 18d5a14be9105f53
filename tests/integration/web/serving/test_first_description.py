"""The OpenAPI document is made at the first request for it, and that takes a while: nobody else waits for it."""

import asyncio
from typing import Any

import pytest


@pytest.mark.parametrize("path", ["/openapi.json", "/llms.txt"])
async def test_others_are_answered_while_the_document_is_made(serve: Any, path: str) -> None:
    async with serve(request_timeout_seconds=60) as client:
        making = [asyncio.create_task(client.get(path)) for _ in range(2)]
        answered = 0
        while not all(one.done() for one in making):
            assert (await client.get("/api/health/live")).status_code == 200
            answered += 1
        assert [one.result().status_code for one in making] == [200, 200]
        assert answered > 10
