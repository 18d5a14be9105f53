"""The rate policy towards the Assembleia de Ensaio.

Rate, time limits, hosts, and the probe of its health.
"""

from urllib.parse import urlsplit

from legis.domain.vocabulary import Source
from legis.upstream import UpstreamPolicy

from ingest_ensaio.settings import EnsaioSettings

TOTAL_TIMEOUT = 30.0
LARGEST_BODY = 8 * 1024 * 1024


def policy(settings: EnsaioSettings) -> UpstreamPolicy:
    """One host, no redirects to another."""
    return UpstreamPolicy(
        source=Source.ENSAIO,
        user_agent=settings.signature,
        proxy=settings.upstream_proxy,
        requests_per_second=settings.ensaio_requests_per_second,
        max_in_flight=settings.ensaio_max_in_flight,
        total_timeout=TOTAL_TIMEOUT,
        max_body_bytes=LARGEST_BODY,
        redirect_hosts=frozenset({urlsplit(settings.ensaio_base_url).hostname or ""}),
        probe_url=f"{settings.ensaio_base_url}/situacoes",
        blocked_pause_seconds=settings.block_seconds,
        longest_block_seconds=settings.block_max_seconds,
        breaker=settings.breaker,
    )
