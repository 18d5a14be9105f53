"""Composition root of the web process."""

import asyncio

from legis.service.run import prepare, serve
from legis.settings import load_or_exit

from api_gateway.settings import WebSettings
from api_gateway.web.app import create_app

GRACEFUL_SECONDS = 10
"""Seconds for running requests at shutdown. Longer than any request may take: the deadline is 3 s, and requests that
wait on purpose (long polls, streams) are ended at once.
"""


def main() -> None:
    """Serves the public API until the process receives a signal to stop."""
    settings = load_or_exit(WebSettings)
    traces = prepare("web", settings)
    try:
        serve(
            create_app(settings),
            host=settings.host,
            port=settings.port,
            listen_fd=settings.listen_fd,
            drain_seconds=settings.drain_seconds,
            graceful_seconds=GRACEFUL_SECONDS,
        )
    finally:
        asyncio.run(traces.shutdown())


if __name__ == "__main__":
    main()
