"""A read context that treats nothing as stored, so that a bill is read whole."""

from legis.domain.vocabulary import ReadingPart
from legis.ingest.source import ReadContext


class ReadAllContext:
    """Passes everything of another context on, except its stored marks."""

    def __init__(self, context: ReadContext) -> None:
        self._context = context

    def next_seq(self) -> int:
        """The next read sequence."""
        return self._context.next_seq()

    def seen(self, upstream_id: str, part: ReadingPart) -> str | None:
        """Always None: no mark is stored."""
        return None

    async def prefetch(self, upstream_ids: list[str], part: ReadingPart) -> None:
        """Loads nothing."""

    def progress(self, done: int, total: int | None) -> None:
        """Reports to operators how many records of the window have been read."""
        self._context.progress(done, total)

    async def years_not_read(self) -> tuple[int, ...]:
        """The years that the store has noted as not read."""
        return await self._context.years_not_read()
