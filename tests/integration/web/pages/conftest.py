"""The site on a real socket, in front of a real API over a real database."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import pytest
from api_gateway.settings import SiteSettings
from api_gateway.site.app import make_app
from integration.web.conftest import listening


class _NoTracing:
    """The process's tracing is the test session's own; it is not to be shut down by one site."""

    async def shutdown(self) -> None:
        """Nothing."""


@asynccontextmanager
async def site_of(api_url: str, **changed: Any) -> AsyncIterator[httpx2.AsyncClient]:
    """The pages in front of an API; the client follows no redirects."""
    settings = SiteSettings(api_url=api_url, site_url="https://legis.example", **{"api_timeout_seconds": 20, **changed})
    app = make_app(settings, _NoTracing())  # type: ignore[arg-type]
    async with listening(app) as url, httpx2.AsyncClient(base_url=url, timeout=60, trust_env=False) as client:
        yield client


@pytest.fixture(scope="module")
async def site(api: httpx2.AsyncClient) -> AsyncIterator[httpx2.AsyncClient]:
    """The pages in front of the module's API."""
    async with site_of(str(api.base_url)) as client:
        yield client
