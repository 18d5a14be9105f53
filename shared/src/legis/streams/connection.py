"""Opens a connection to Redis with limits on every wait and no hidden retries."""

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff


def connect(
    url: str, *, client_name: str, socket_timeout: float = 5.0, max_connections: int = 32, pool_timeout: float = 1.0
) -> Redis:
    """A client on its own pool; nothing is sent before the first command, so Redis may be away at start.

    A command fails after `socket_timeout` seconds and is never repeated behind the caller's back: a repeated blocking
    read would move entries to a consumer that never sees them. Close it with `aclose()`, which closes the pool.
    """
    pool = BlockingConnectionPool.from_url(
        url,
        protocol=2,  # one shape of replies from every server version
        client_name=client_name,
        socket_timeout=socket_timeout,
        socket_connect_timeout=min(socket_timeout, 5.0),
        socket_keepalive=True,
        max_connections=max_connections,
        timeout=pool_timeout,
        retry=Retry(NoBackoff(), 0),
    )
    return Redis.from_pool(pool)
