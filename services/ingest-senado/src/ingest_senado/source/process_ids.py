"""Finds the processes of matters: agendas of the plenary name a matter by its older code alone."""

from collections.abc import Iterable

from legis.errors import RecordGone

from ingest_senado.client.api import SenadoApi

MOST_KNOWN = 50_000
"""Codes kept in memory. A cleared memory only costs the requests again."""


class ProcessIds:
    """Process ids by the code of the matter, asked for once."""

    def __init__(self, client: SenadoApi) -> None:
        self._client = client
        self._known: dict[int, int] = {}

    async def of(self, codes: Iterable[int | None]) -> dict[int, int]:
        """The process of each matter. A matter without a process is left out, and asked for again next time."""
        wanted = {code for code in codes if code is not None}
        if len(self._known) + len(wanted) > MOST_KNOWN:
            self._known.clear()
        for code in sorted(wanted - self._known.keys()):
            try:
                page = await self._client.of_matter(code)
            except RecordGone:
                continue
            for row in page.values:
                if row.codigoMateria == code:
                    self._known[code] = row.id
        return {code: self._known[code] for code in wanted & self._known.keys()}
