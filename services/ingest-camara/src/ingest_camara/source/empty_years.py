"""Whether a year without a file is a year without bills: the list must say so, and be heard to tell the truth."""

from datetime import datetime

from legis.domain.brasilia_time import local_day
from legis.errors import PermanentError, SkippableError, UpstreamUnavailable
from legis.telemetry.logs import get_logger

from ingest_camara.client.api import CamaraApi

log = get_logger(__name__)

_RECESS_ENDS_ON_DAY = 40
"""Before this day of a year few bills or none were presented in it."""


async def proved_empty(api: CamaraApi, year: int, now: datetime) -> bool:
    """Whether the API lists no bill that was presented in that year, while it lists some of a year that has them.

    One empty answer alone proves nothing: the Câmara has answered so for everything. Raises what keeps the whole
    source from being asked; a list that cannot be had proves nothing either.
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
