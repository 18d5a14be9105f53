"""Mutants of what ingest makes of refusals: records set aside, blocks, years that cannot be had."""

from dataclasses import replace
from typing import Any

FOR_EVER = 1e6
"""Seconds that no run lasts."""


def _ingest(module: str) -> bool:
    return module.startswith("ingest_")


def refusal_ends_walk(module: str) -> None:
    """A record that answers 400 ends the walk, which waits for somebody to start the service again."""
    if not _ingest(module):
        return
    from legis.errors import UpstreamRequestRefused
    from legis.ingest.runner import IngestRunner
    from legis.ingest.set_aside import WindowFailures

    original = WindowFailures.met

    def met(self: WindowFailures, upstream_id: str, error: Exception, url: str | None = None) -> Any:
        if isinstance(error, UpstreamRequestRefused):
            raise error
        return original(self, upstream_id, error, url)

    WindowFailures.met = met  # type: ignore[method-assign]
    IngestRunner._permanent_wait = lambda self, walk: FOR_EVER  # type: ignore[method-assign]


def block_is_outage(module: str) -> None:
    """A 403 is an outage like any other: the chamber is asked again and again, and nobody is told of a block."""
    if not _ingest(module):
        return
    from legis.errors import UpstreamUnavailable
    from legis.upstream.block import Block, Forbidden

    async def guard(self: Block, ask: Any) -> Any:
        try:
            return await ask()
        except Forbidden as error:
            raise UpstreamUnavailable(str(error)) from error

    Block.guard = guard  # type: ignore[method-assign]


def block_never_ends(module: str) -> None:
    """Once blocked, always blocked: the chamber is not asked again."""
    if not _ingest(module):
        return
    from legis.upstream.block import Block

    original = Block.begin

    def begin(self: Block, reason: str, seconds: float | None = None) -> None:
        original(self, reason, FOR_EVER)

    Block.begin = begin  # type: ignore[method-assign]


def missing_year_is_read(module: str) -> None:
    """A year whose file answers 404 counts as read."""
    if not _ingest(module):
        return
    from legis.errors import RecordGone
    from legis.ingest.years.years_left import YearsLeft

    original = YearsLeft.given_up

    def given_up(self: YearsLeft, year: int, error: Any, read_seq: int) -> Any:
        outcome = original(self, year, error, read_seq)
        return replace(outcome, reason=None) if isinstance(error, RecordGone) else outcome

    YearsLeft.given_up = given_up  # type: ignore[method-assign]
