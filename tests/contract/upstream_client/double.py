"""A real HTTP server whose answers a test chooses, for the upstream client to ask."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from aiohttp import web
from legis.upstream import UpstreamClient
from prometheus_client import REGISTRY

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Upstream:
    """A server whose answer the test chooses; it remembers when it was asked, and by whom."""

    base: str = ""
    handler: Handler | None = None
    asked_at: list[float] = field(default_factory=list)
    requests: list[web.Request] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.asked_at.append(time.monotonic())
        self.requests.append(request)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            assert self.handler is not None
            return await self.handler(request)
        finally:
            self.at_once -= 1

    @property
    def asked(self) -> int:
        return len(self.asked_at)

    def busiest_second(self) -> int:
        return max(sum(start <= one < start + 1.0 for one in self.asked_at) for start in self.asked_at)

    def answers(self, *statuses: int, headers: dict[str, str] | None = None) -> None:
        """Answers with each status in turn, then always with the last."""
        left = list(statuses)

        async def handler(_request: web.Request) -> web.StreamResponse:
            status = left.pop(0) if len(left) > 1 else left[0]
            if status == 200:
                return web.json_response({"dados": []})
            return web.Response(status=status, text="<html>no</html>", content_type="text/html", headers=headers)

        self.handler = handler

    def sends(self, body: bytes, content_type: str = "application/json", **headers: str) -> None:
        """Answers 200 with this body."""

        async def handler(_request: web.Request) -> web.StreamResponse:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            return web.Response(body=body, headers={"Content-Type": content_type, **named})

        self.handler = handler


MakeClient = Callable[..., UpstreamClient]


def counted(outcome: str, endpoint: str) -> float:
    labels = {"source": "camara", "endpoint": endpoint, "outcome": outcome}
    return REGISTRY.get_sample_value("legis_upstream_requests_total", labels) or 0.0
