"""Keeps the Câmara's directory of deputies in office for a day."""

import asyncio
import time

from legis.errors import LegisError
from legis.telemetry.logs import get_logger

from ingest_camara.client.api import CamaraApi
from ingest_camara.normalizer.sponsors import Directory, Member

log = get_logger(__name__)

_FRESH_SECONDS = 86_400.0
_PATIENCE_SECONDS = 900.0


class DeputyDirectory:
    """Names, parties and states of deputies in office. It completes bills and decides nothing.

    So upstream's refusal of it holds up no bill: the last known directory is used, or an empty one.
    """

    def __init__(self, api: CamaraApi) -> None:
        self._api = api
        self._members: Directory = {}
        self._due = 0.0
        self._lock = asyncio.Lock()

    async def get(self) -> Directory:
        """The directory, asked for once a day."""
        async with self._lock:
            if time.monotonic() >= self._due:
                await self._refresh()
            return self._members

    async def _refresh(self) -> None:
        try:
            deputies = await self._api.deputies()
        except LegisError as error:
            self._due = time.monotonic() + _PATIENCE_SECONDS
            log.warning("directory of deputies not read", error=str(error)[:200])
            return
        self._due = time.monotonic() + _FRESH_SECONDS
        self._members = {
            deputy.id: Member(" ".join(deputy.nome.split()), deputy.siglaPartido, deputy.siglaUf)
            for deputy in deputies
            if deputy.id and deputy.nome
        }
