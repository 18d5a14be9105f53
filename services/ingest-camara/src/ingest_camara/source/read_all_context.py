"""A context in which nothing is known to be stored, so that a bill is read whole."""

from legis.domain.vocabulary import ReadingPart
from legis.ingest.source import ReadContext


class ReadAllContext:
    """Lends a source all of another context but its memory."""

    def __init__(self, context: ReadContext) -> None:
        self._context = context

    def next_seq(self) -> int:
        """The next read sequence."""
        return self._context.next_seq()

    def seen(self, upstream_id: str, part: ReadingPart) -> str | None:
        """Nothing is known."""
        return None

    async def prefetch(self, upstream_ids: list[str], part: ReadingPart) -> None:
        """Loads nothing."""

    def progress(self, done: int, total: int | None) -> None:
        """Tells operators how far the window has been read."""
        self._context.progress(done, total)

    async def years_not_read(self) -> tuple[int, ...]:
        """Years that the store waits for."""
        return await self._context.years_not_read()
