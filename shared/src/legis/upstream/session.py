"""Creates the aiohttp session of one source: time limits, User-Agent, connections."""

from types import SimpleNamespace

import aiohttp

from legis.upstream.pacing import Turn
from legis.upstream.policy import UpstreamPolicy

DNS_CACHE_SECONDS = 60
KEEP_ALIVE_SECONDS = 15


class ConnectionLost(aiohttp.ClientConnectionError):
    """The connection was closed after the request had been sent on it."""


async def _fail_at_once(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """An aiohttp middleware that turns a lost connection into an error that aiohttp does not answer with a second
    attempt. aiohttp repeats a GET if a keep-alive connection was closed meanwhile, without limiter, budget or breaker.
    """
    try:
        return await handler(request)
    except aiohttp.ClientConnectorError:
        raise  # no connection was made: nothing was sent, and nothing is repeated
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise ConnectionLost(str(error)) from error


async def _mark_sent(_session: aiohttp.ClientSession, context: SimpleNamespace, _sent: object) -> None:
    turn: Turn = context.trace_request_ctx
    turn.mark_sent()


def _send_tracing() -> aiohttp.TraceConfig:
    """An aiohttp trace config that marks the turn in a request's `trace_request_ctx` as sent."""
    tracing = aiohttp.TraceConfig()
    tracing.on_request_headers_sent.append(_mark_sent)
    return tracing


class Session:
    """Creates the session on first use, which must be inside the event loop."""

    def __init__(self, policy: UpstreamPolicy) -> None:
        self._policy = policy
        self._session: aiohttp.ClientSession | None = None
        self._closed = False

    def get(self) -> aiohttp.ClientSession:
        """The session. Raises RuntimeError once closed."""
        if self._closed:
            raise RuntimeError(f"the client of {self._policy.source.value} is closed")
        if self._session is None:
            self._session = self._make()
        return self._session

    def timeout(self, total: float) -> aiohttp.ClientTimeout:
        """Time limits of one request. Only `total` ends a body that arrives byte by byte for ever; `sock_read` does
        not.
        """
        connect = min(self._policy.connect_timeout, total)
        return aiohttp.ClientTimeout(total=total, connect=connect, sock_connect=connect, sock_read=total)

    async def close(self) -> None:
        """Closes connections; a second call does nothing."""
        self._closed = True
        if self._session is not None:
            await self._session.close()

    def _make(self) -> aiohttp.ClientSession:
        connections = self._policy.max_in_flight
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=connections,
                limit_per_host=connections,
                ttl_dns_cache=DNS_CACHE_SECONDS,
                keepalive_timeout=KEEP_ALIVE_SECONDS,
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": self._policy.user_agent, "Accept-Encoding": "gzip, deflate"},
            timeout=self.timeout(self._policy.total_timeout),
            proxy=self._policy.proxy,
            trust_env=False,  # the machine's proxy variables would apply to a loopback simulator too
            auto_decompress=False,  # `unpack` does it, and stops at a bomb
            trace_configs=[_send_tracing()],
            middlewares=(_fail_at_once,),
        )
