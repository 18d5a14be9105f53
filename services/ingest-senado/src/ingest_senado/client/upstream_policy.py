"""The rate policy for the Senado: requests per second, time limits, hosts, and the probe of its health."""

from urllib.parse import urlsplit

from legis.domain.vocabulary import Source
from legis.upstream import UpstreamPolicy

from ingest_senado.client.api import LIST_TIMEOUT
from ingest_senado.settings import SenadoSettings

LARGEST_BODY = 64 * 1024 * 1024
SENADO_HOSTS = frozenset({"senado.leg.br", "senado.gov.br"})
"""The chamber's own domains: a redirect within them is followed, to any host name."""


def policy(settings: SenadoSettings) -> UpstreamPolicy:
    """The policy of these settings. Redirects are needed: reference tables are static files on the same host."""
    host = urlsplit(settings.senado_base_url).hostname or ""
    return UpstreamPolicy(
        source=Source.SENADO,
        user_agent=settings.signature,
        proxy=settings.upstream_proxy,
        requests_per_second=settings.senado_requests_per_second,
        max_in_flight=settings.senado_max_in_flight,
        total_timeout=LIST_TIMEOUT,
        max_body_bytes=LARGEST_BODY,
        redirect_hosts=SENADO_HOSTS | {host},
        probe_url=f"{settings.senado_base_url.rstrip('/')}/processo/siglas",
        blocked_pause_seconds=settings.block_seconds,
        longest_block_seconds=settings.block_max_seconds,
        breaker=settings.breaker,
    )
