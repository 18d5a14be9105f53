"""Finds the processes of matters: agendas of the plenary name a matter by its older code alone."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from legis.errors import RecordGone, UpstreamRequestRefused, UpstreamSchemaChanged, UpstreamUnavailable
from legis.ingest.set_aside import FEW
from legis.telemetry.logs import get_logger

from ingest_senado.client.api import SenadoApi

log = get_logger(__name__)

MOST_KNOWN = 50_000
"""Codes kept in memory. A cleared memory only costs the requests again."""

_OWN = (UpstreamRequestRefused, UpstreamSchemaChanged, UpstreamUnavailable)
"""Errors that may belong to one matter; all others belong to the source and end the window."""


@dataclass(frozen=True, slots=True)
class Processes:
    """The processes of matters by the code of the matter, and the codes of which it is not known whether they have
    one. A code in neither has none.
    """

    ids: dict[int, int] = field(default_factory=dict)
    unanswered: set[int] = field(default_factory=set)


class ProcessIds:
    """Process ids by the code of the matter, asked for once."""

    def __init__(self, client: SenadoApi) -> None:
        self._client = client
        self._known: dict[int, int] = {}

    async def of(self, codes: Iterable[int | None]) -> Processes:
        """The process of each matter. A matter without one, or without an answer, is asked for again next time.

        Where the first few are all without an answer, the others are not asked for.
        """
        wanted = {code for code in codes if code is not None}
        if len(self._known) + len(wanted) > MOST_KNOWN:
            self._known.clear()
        left = sorted(wanted - self._known.keys())
        unanswered: set[int] = set()
        for number, code in enumerate(left):
            if number == len(unanswered) > FEW:
                unanswered.update(left[number:])
                break
            if not await self._ask(code):
                unanswered.add(code)
        return Processes({code: self._known[code] for code in wanted & self._known.keys()}, unanswered)

    async def _ask(self, code: int) -> bool:
        """Asks for the process of one matter. Returns whether there was an answer about that matter."""
        try:
            page = await self._client.of_matter(code)
        except RecordGone:
            return True
        except _OWN as error:
            log.warning("process of a matter not answered", code=code, error=str(error)[:200])
            return False
        rows = [row for row in page.values if row.codigoMateria == code]
        for row in rows:
            self._known[code] = row.id
        return bool(rows) or not (page.rows or page.rejected)
