"""Proves that a year without a file has no bills: the list must be empty for it, and not empty for another year."""

from datetime import datetime

from legis.domain.brasilia_time import local_day
from legis.errors import PermanentError, SkippableError, UpstreamUnavailable
from legis.telemetry.logs import get_logger

from ingest_camara.client.api import CamaraApi

log = get_logger(__name__)

_RECESS_ENDS_ON_DAY = 40
"""Up to this day of a year, counted from 1, few or no bills have been presented in it."""


async def proved_empty(api: CamaraApi, year: int, now: datetime) -> bool:
    """Whether the API lists no bill presented in that year, while it lists some of a year that surely has bills.

    One empty response alone proves nothing: the Câmara has responded so for everything. A list that is not available
    proves nothing either. Raises errors that stop requests to the whole source.
    """
    today = local_day(now)
    living = today.year if today.timetuple().tm_yday > _RECESS_ENDS_ON_DAY else today.year - 1
    try:
        empty = year != living and not await _lists_any(api, year) and await _lists_any(api, living)
    except (UpstreamUnavailable, PermanentError, SkippableError) as error:
        log.warning("year without file not proved empty", year=year, error=str(error)[:300])
        return False
    if empty:
        log.info("year without file is empty", year=year, proved_by=living)
    return empty


async def _lists_any(api: CamaraApi, year: int) -> bool:
    page = await api.list_page(
        {"dataApresentacaoInicio": f"{year}-01-01", "dataApresentacaoFim": f"{year}-12-31", "itens": 1}
    )
    return bool(page.received or page.total)
