"""The rate policy for the Câmara: requests per second, time limits, hosts, and the probe of its health."""

from urllib.parse import urlsplit

from legis.domain.vocabulary import Source
from legis.upstream import UpstreamPolicy

from ingest_camara.settings import CamaraSettings

CAMARA_HOSTS = frozenset({"camara.leg.br", "camara.gov.br"})
"""The chamber's own domains: a redirect within them is followed, to any host name."""

TOTAL_TIMEOUT = 60.0
"""Seconds for one response of the API: deep pages of its list take half of that."""

LARGEST_BODY = 8 * 1024 * 1024


def policy(settings: CamaraSettings) -> UpstreamPolicy:
    """The policy of these settings: a low rate for the Câmara's servers, long time limits for its slow pages."""
    addresses = (settings.camara_base_url, settings.camara_files_url)
    return UpstreamPolicy(
        source=Source.CAMARA,
        user_agent=settings.signature,
        proxy=settings.upstream_proxy,
        requests_per_second=settings.camara_requests_per_second,
        max_in_flight=settings.camara_max_in_flight,
        total_timeout=TOTAL_TIMEOUT,
        max_body_bytes=LARGEST_BODY,
        redirect_hosts=CAMARA_HOSTS | {urlsplit(url).hostname or "" for url in addresses},
        probe_url=f"{settings.camara_base_url}/referencias/proposicoes/siglaTipo",
        blocked_pause_seconds=settings.block_seconds,
        longest_block_seconds=settings.block_max_seconds,
        breaker=settings.breaker,
    )
